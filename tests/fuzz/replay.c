/* Runs a fuzz target over its corpus as a test: each file of the folder CORPUS as it is, cut short at every eighth of its length,
 * and with one byte after another turned over. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 16, FLIPS = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
	static uint8_t bytes[FILE_MAX];
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		printf("Bail out! cannot read %s\n", path);
		exit(1);
	}
	size_t size = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	for (size_t part = 0; part <= 8; part++)
		LLVMFuzzerTestOneInput(bytes, size * part / 8);
	for (size_t i = 0; i < FLIPS && i < size; i++) {
		size_t at = size > FLIPS ? i * size / FLIPS : i;
		bytes[at] ^= 0xff;
		LLVMFuzzerTestOneInput(bytes, size);
		bytes[at] ^= 0xff;
	}
}

int main(void)
{
	const char *root = getenv("HOSHU_SRCDIR");
	char folder[4096], path[8192];
	int count = 0;

	snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/" CORPUS, root != NULL ? root : ".");
	DIR *d = opendir(folder);
	if (d == NULL) {
		printf("Bail out! no corpus in %s\n", folder);
		return 1;
	}
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		replay(path);
		printf("ok %d - %s\n", ++count, e->d_name);
	}
	closedir(d);
	printf("1..%d\n", count);
	return count > 0 ? 0 : 1;
}
