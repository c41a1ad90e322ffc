/* See folder.h. */
#include "data/contract/folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"

#define SUFFIX ".conf"

/* The name without .conf; 0 when it has none. */
static size_t stem(const char *name)
{
	size_t len = strlen(name), suffix = strlen(SUFFIX);

	return len > suffix && name[0] != '.' && strcmp(name + len - suffix, SUFFIX) == 0 ? len - suffix : 0;
}

bool folder_find(const char *base, const char *sub, const char *name, struct strbuf *path)
{
	struct strbuf full = { 0 };
	bool found = false;

	if (base[0] == '\0' || name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return false;
	strbuf_addf(&full, "%s/%s/%.*s" SUFFIX, base, sub, (int)(stem(name) > 0 ? stem(name) : strlen(name)), name);
	if (access(strbuf_text(&full), R_OK) == 0) {
		strbuf_add(path, full.buf, full.len);
		found = true;
	}
	strbuf_release(&full);
	return found;
}

void folder_list(const char *base, const char *sub, struct folder_names *out)
{
	struct strbuf path = { 0 };
	struct dirent *entry;

	strbuf_addf(&path, "%s/%s", base, sub);
	DIR *folder = base[0] != '\0' ? opendir(strbuf_text(&path)) : NULL;
	strbuf_release(&path);
	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		if (stem(entry->d_name) > 0)
			vec_push(&out->list, arena_text_n(&out->mem, entry->d_name, stem(entry->d_name)));
	closedir(folder);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void folder_join(struct folder_names *names, const char *separator, struct strbuf *out)
{
	if (names->list.len > 0)
		qsort(names->list.v, names->list.len, sizeof *names->list.v, by_name);
	for (size_t i = 0; i < names->list.len; i++) {
		if (i > 0 && strcmp(names->list.v[i], names->list.v[i - 1]) == 0)
			continue;
		strbuf_addf(out, "%s%s", i > 0 ? separator : "", names->list.v[i]);
	}
}

void folder_names_release(struct folder_names *names)
{
	vec_release(&names->list);
	arena_release(&names->mem);
}
