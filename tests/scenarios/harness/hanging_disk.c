/* LD_PRELOAD for the server: while the file $HANGING_DISK is there, nothing reaches the disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void hang(void) {
    const char* file = getenv("HANGING_DISK");
    while (file && access(file, F_OK) == 0) usleep(1000);
}

int fdatasync(int descriptor) {
    hang();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}

int fsync(int descriptor) {
    hang();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}
