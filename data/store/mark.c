/* The mark: a small file beside records.db with this device's newest transaction, written after each COMMIT and not
 * synced. It may lag behind the database, never run ahead of it; a database that lacks what the mark names was put back from a
 * copy, and must not go on under the same device (its numbers and chain would be given twice). */
#include <config.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/base/strbuf.h"
#include "data/store/internal.h"

enum { MARK_MAX = 256 };

void mark_write(const struct store *s, int64_t seq, const char *digest)
{
	struct strbuf text = { 0 };
	char sum[CHANGE_DIGEST_SIZE];
	int fd = openat(s->folder, MARK_FILE, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	strbuf_addf(&text, "%s %020" PRId64 " %s\n", s->device.id, seq, digest);
	digest_of(text.buf, text.len, sum);
	strbuf_addf(&text, "%.16s\n", sum);
	/* One that could not be written whole is seen as torn by its sum. */
	if (fchmod(fd, 0600) != 0 || write(fd, text.buf, text.len) != (ssize_t)text.len)
		unlinkat(s->folder, MARK_FILE, 0);
	close(fd);
	strbuf_release(&text);
}

bool mark_exists(int folder)
{
	return faccessat(folder, MARK_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool mark_read(const struct store *s, char device[DEVICE_SIZE], int64_t *seq, char digest[CHANGE_DIGEST_SIZE])
{
	char text[MARK_MAX], sum[CHANGE_DIGEST_SIZE];
	int fd = openat(s->folder, MARK_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *line = strchr(text, '\n');
	if (line == NULL)
		return false;
	digest_of(text, (size_t)(line + 1 - text), sum);
	return strncmp(line + 1, sum, 16) == 0 && sscanf(text, "%16s %" SCNd64 " %64s", device, seq, digest) == 3;
}

int mark_check(struct store *s, bool *went_back, struct err *err)
{
	char device[DEVICE_SIZE], digest[CHANGE_DIGEST_SIZE];
	int64_t seq;
	struct query q;

	*went_back = false;
	if (!mark_read(s, device, &seq, digest) || strcmp(device, s->device.id) != 0)
		return 0;
	int rc = query_open(&q, &s->db, "SELECT lower(hex(digest)) FROM change WHERE tx = ? ORDER BY n DESC LIMIT 1", err);
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, seq);
	rc = query_step(&q, err);
	*went_back = rc == 0 || (rc == 1 && strcmp(query_text(&q, 0), digest) != 0);
	query_close(&q);
	return rc < 0 ? rc : 0;
}
