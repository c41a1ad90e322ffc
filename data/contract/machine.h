/* What this PC says of itself: is the disk encrypted, which libraries are installed, who may read a key.
 *
 * For `hoshu check`. Reads /sys, /proc and the package database; changes nothing. What cannot be found out is said to be unknown,
 * never assumed. */
#ifndef DATA_CONTRACT_MACHINE_H
#define DATA_CONTRACT_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

enum encryption {
	ENCRYPTION_UNKNOWN, /* no block device behind it: a memory file system, the network, an overlay */
	ENCRYPTION_NONE,
	ENCRYPTION_FOLDER,  /* fscrypt: contents, but not names and sizes of other folders */
	ENCRYPTION_DISK,    /* dm-crypt (LUKS) below the file system */
};
/* Of the file system that holds path (or its nearest parent that is there). */
enum encryption machine_encryption(const char *path);
/* The same for a block device, by walking sys/dev/block/MAJOR:MINOR: dm/uuid begins with CRYPT-, or all its slaves do.
 * sys is "/sys" but in tests. */
bool machine_device_encrypted(const char *sys, unsigned device_major, unsigned device_minor);
/* Is there swap that is neither in memory (zram) nor encrypted? Appends its name. */
bool machine_plain_swap(struct strbuf *name);

/* The installed version of a Debian package by dpkg-query; false when it is not installed or this is no Debian. Waits for
 * the program, which is given two seconds. */
bool machine_package(const char *package, struct strbuf *version);

enum key_file_state { KEY_FILE_FINE, KEY_FILE_MISSING, KEY_FILE_OPEN /* others may read it */, KEY_FILE_FOREIGN };
enum key_file_state machine_key_file(const char *path);
/* May others look into the folder? false when it is not there. */
bool machine_folder_open(const char *path);

#endif
