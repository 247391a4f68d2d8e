// Which fences contain a point, by GEOS: an STR-tree of the fences and a prepared geometry for each.
// Usage: geos_fences FILE RUNS. FILE holds, as native int32 numbers, the count of fences; of each the count of its
// corners and their latitudes and longitudes in 1e-7 degrees; the count of points and theirs.
// Prints one line a run: "seconds S hits H".
#include <geos_c.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct fence {
    const GEOSPreparedGeometry *prepared;
};

static GEOSGeometry *asked;
static long hits;

static void complain(const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    vfprintf(stderr, format, rest);
    va_end(rest);
    fputc('\n', stderr);
    exit(1);
}

static int32_t number(FILE *file) {
    int32_t value;
    if (fread(&value, sizeof value, 1, file) != 1) complain("the file ends early");
    return value;
}

static void ask(void *item, void *unused) {
    (void)unused;
    if (GEOSPreparedIntersects(((struct fence *)item)->prepared, asked) == 1) hits++;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 3) complain("usage: geos_fences FILE RUNS");
    FILE *file = fopen(arguments[1], "rb");
    if (!file) complain("no file %s", arguments[1]);
    initGEOS(complain, complain);
    int32_t fence_count = number(file);
    struct fence *fences = calloc((size_t)fence_count, sizeof *fences);
    GEOSSTRtree *tree = GEOSSTRtree_create(10);
    for (int32_t place = 0; place < fence_count; place++) {
        int32_t corners = number(file);
        GEOSCoordSequence *ring = GEOSCoordSeq_create((unsigned)corners, 2);
        for (int32_t corner = 0; corner < corners; corner++) {
            double latitude = number(file) / 1e7, longitude = number(file) / 1e7;
            GEOSCoordSeq_setXY(ring, (unsigned)corner, longitude, latitude);
        }
        GEOSGeometry *polygon = GEOSGeom_createPolygon(GEOSGeom_createLinearRing(ring), NULL, 0);
        if (!polygon) complain("fence %d is no polygon", place);
        fences[place].prepared = GEOSPrepare(polygon);
        GEOSSTRtree_insert(tree, polygon, &fences[place]);
    }
    int32_t point_count = number(file);
    double *points = malloc(sizeof(double) * 2 * (size_t)point_count);
    for (int32_t place = 0; place < point_count; place++) {
        points[2 * place + 1] = number(file) / 1e7;
        points[2 * place] = number(file) / 1e7;
    }
    fclose(file);
    // The first run builds the tree and the prepared geometries' own indexes, and is not shown.
    for (int run = 0; run <= atoi(arguments[2]); run++) {
        hits = 0;
        double begin = now();
        for (int32_t place = 0; place < point_count; place++) {
            asked = GEOSGeom_createPointFromXY(points[2 * place], points[2 * place + 1]);
            GEOSSTRtree_query(tree, asked, ask, NULL);
            GEOSGeom_destroy(asked);
        }
        if (run > 0) printf("seconds %f hits %ld\n", now() - begin, hits);
    }
    return 0;
}
