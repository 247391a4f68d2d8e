#include <xlsxwriter.h>

// glibc has it (2.27) and declares it only under _GNU_SOURCE, which Swift's Glibc does not set: a file in memory.
int memfd_create(const char *name, unsigned int flags);
