#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <string.h>

// curl_easy_setopt and curl_easy_getinfo take variable arguments, which Swift cannot call.
static inline CURLcode tongxing_set_text(CURL *handle, CURLoption option, const char *text) {
    return curl_easy_setopt(handle, option, text);
}
static inline CURLcode tongxing_set_number(CURL *handle, CURLoption option, long number) {
    return curl_easy_setopt(handle, option, number);
}
static inline CURLcode tongxing_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
    return curl_easy_setopt(handle, option, list);
}
static inline CURLcode tongxing_start(void) { return curl_global_init(CURL_GLOBAL_ALL); }
static inline long tongxing_response_code(CURL *handle) {
    long code = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

// What is answered is of no use; without a function libcurl would print it.
static inline size_t tongxing_discard(char *bytes, size_t size, size_t count, void *unused) { return size * count; }
static inline CURLcode tongxing_discard_answer(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, tongxing_discard);
}

// Room for an answer; one that does not fit ends the transfer.
struct tongxing_room {
    char *bytes;
    size_t length;
    size_t capacity;
};
static inline size_t tongxing_keep(char *bytes, size_t size, size_t count, void *target) {
    struct tongxing_room *room = target;
    size_t length = size * count;
    if (length > room->capacity - room->length) return 0;
    memcpy(room->bytes + room->length, bytes, length);
    room->length += length;
    return length;
}
static inline CURLcode tongxing_keep_answer(CURL *handle, struct tongxing_room *room) {
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, tongxing_keep);
    return curl_easy_setopt(handle, CURLOPT_WRITEDATA, room);
}

// Bytes that libcurl reads while it sends; they stay the caller's.
struct tongxing_bytes {
    const char *next;
    size_t left;
};
static inline size_t tongxing_read(char *buffer, size_t size, size_t count, void *source) {
    struct tongxing_bytes *bytes = source;
    size_t taken = size * count < bytes->left ? size * count : bytes->left;
    memcpy(buffer, bytes->next, taken);
    bytes->next += taken;
    bytes->left -= taken;
    return taken;
}
static inline CURLcode tongxing_send(CURL *handle, struct tongxing_bytes *bytes) {
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, tongxing_read);
    curl_easy_setopt(handle, CURLOPT_READDATA, bytes);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)bytes->left);
    return curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
}
