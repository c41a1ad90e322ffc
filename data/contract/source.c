/* Reading a configuration file's bytes safely: no device, no endless file, nothing that a stranger may write. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/contract/schema.h"

static int open_error(const char *path, struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return ERR(err, HS_ERR_NOT_FOUND, N_("cannot read '{1}': there is no such file"), path);
	return ERR(err, HS_ERR_IO, N_("cannot read '{1}': {2}"), path, strerror(errno));
}

static int check_file(const struct stat *st, const char *path, bool private_owner, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return ERR(err, HS_ERR_UNSAFE, N_("cannot read '{1}': it is not an ordinary file"), path);
	if (st->st_mode & S_IWOTH)
		return ERR(err, HS_ERR_UNSAFE, N_("cannot use '{1}': everybody may write it; run: chmod o-w '{1}'"), path);
	if (private_owner && st->st_uid != geteuid() && st->st_uid != 0)
		return ERR(err, HS_ERR_UNSAFE, N_("cannot use '{1}': it belongs to another user"), path);
	if (private_owner && (st->st_mode & S_IWGRP))
		return ERR(err, HS_ERR_UNSAFE, N_("cannot use '{1}': others may write it; run: chmod 600 '{1}'"), path);
	if (st->st_size > SOURCE_MAX)
		return ERR(err, HS_ERR_LIMIT, N_("cannot read '{1}': it is larger than 1 MiB"), path);
	return 0;
}

/* The file may grow while it is read: the limit is kept on what came, not on what fstat said. */
static int read_all(int fd, const char *path, struct strbuf *out, struct err *err)
{
	for (;;) {
		char part[16384];
		ssize_t n = read(fd, part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR(err, HS_ERR_IO, N_("cannot read '{1}': {2}"), path, strerror(errno));
		if (n == 0)
			return 0;
		strbuf_add(out, part, (size_t)n);
		if (out->len > SOURCE_MAX)
			return ERR(err, HS_ERR_LIMIT, N_("cannot read '{1}': it is larger than 1 MiB"), path);
	}
}

int source_read(const char *path, bool private_owner, struct source *out, struct err *err)
{
	struct strbuf bytes = { 0 };
	struct stat st;
	int rc = 0;

	*out = (struct source){ .name = path };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return open_error(path, err);
	if (fstat(fd, &st) != 0)
		rc = open_error(path, err);
	if (rc == 0)
		rc = check_file(&st, path, private_owner, err);
	if (rc == 0)
		rc = read_all(fd, path, &bytes, err);
	close(fd);
	if (rc == 0)
		rc = source_from_bytes(path, strbuf_text(&bytes), bytes.len, out, err);
	strbuf_release(&bytes);
	return rc;
}

int source_from_bytes(const char *name, const char *bytes, size_t len, struct source *out, struct err *err)
{
	static const char mark[] = "\xef\xbb\xbf"; /* which Windows editors put first */

	*out = (struct source){ .name = name };
	if (len > SOURCE_MAX)
		return ERR(err, HS_ERR_LIMIT, N_("cannot read '{1}': it is larger than 1 MiB"), name);
	if (len >= 3 && memcmp(bytes, mark, 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	out->bytes = mem_text_n(bytes, len);
	out->len = len;
	return 0;
}

void source_release(struct source *s)
{
	free(s->bytes);
	*s = (struct source){ 0 };
}
