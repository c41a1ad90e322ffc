/* See draft.h. A draft belongs to a verb and the record it was started on. */
#include "tui/app/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/app/internal.h"
#include "tui/widget/tr.h"

#define DRAFT_FILE_MAX (4 << 20)

/* ---- in memory ---- */

static void draft_release(struct draft *d)
{
	free(d->verb);
	free(d->subject);
	for (size_t i = 0; i < d->values.len; i++)
		free(d->values.v[i]);
	vec_release(&d->values);
}

static size_t draft_find(const struct app *a)
{
	for (size_t i = 0; i < a->drafts.len; i++)
		if (strcmp(a->drafts.v[i].verb, a->job.run.command->name) == 0 &&
		    strcmp(a->drafts.v[i].subject, a->job.subject) == 0)
			return i;
	return SIZE_MAX;
}

static void draft_remove(struct app *a, size_t i)
{
	if (i == SIZE_MAX)
		return;
	draft_release(&a->drafts.v[i]);
	memmove(&a->drafts.v[i], &a->drafts.v[i + 1], (a->drafts.len - i - 1) * sizeof *a->drafts.v);
	a->drafts.len--;
}

void draft_keep(struct app *a)
{
	size_t old = draft_find(a);
	struct draft d = { .verb = mem_text(a->job.run.command->name), .subject = mem_text(a->job.subject) };

	for (size_t i = 0; i < a->form.fields.len; i++)
		vec_push(&d.values, mem_text(form_value(&a->form.fields.v[i])));
	draft_remove(a, old);
	vec_push(&a->drafts, d);
}

bool draft_take(struct app *a)
{
	size_t i = draft_find(a);

	if (i == SIZE_MAX || a->drafts.v[i].values.len != a->form.fields.len)
		return false;
	for (size_t k = 0; k < a->form.fields.len; k++)
		if (*a->drafts.v[i].values.v[k] != '\0')
			form_set(&a->form.fields.v[k], a->drafts.v[i].values.v[k]);
	return true;
}

void draft_drop(struct app *a)
{
	if (a->form.fields.len > 0)
		draft_remove(a, draft_find(a));
}

void drafts_release(struct app *a)
{
	for (size_t i = 0; i < a->drafts.len; i++)
		draft_release(&a->drafts.v[i]);
	vec_release(&a->drafts);
}

/* ---- on disk: a line a draft, each field ended by a tab, \t \n \\ escaped ---- */

static void escape(const char *text, struct strbuf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\t' || *text == '\n' || *text == '\\')
			strbuf_addf(out, "\\%c", *text == '\t' ? 't' : *text == '\n' ? 'n' : '\\');
		else
			strbuf_add_char(out, *text);
	}
}

/* The next field of a line; *p moves behind it. */
static char *unescape(const char **p)
{
	struct strbuf out = { 0 };

	for (; **p != '\0' && **p != '\t' && **p != '\n'; (*p)++) {
		if (**p == '\\' && (*p)[1] != '\0') {
			(*p)++;
			strbuf_add_char(&out, **p == 't' ? '\t' : **p == 'n' ? '\n' : **p);
		} else {
			strbuf_add_char(&out, **p);
		}
	}
	if (**p == '\t')
		(*p)++;
	return strbuf_detach(&out);
}

static void draft_path(const struct app *a, const char *suffix, struct strbuf *out)
{
	strbuf_addf(out, "%s/drafts%s", strbuf_text(&a->session->folder), suffix);
}

static bool write_all(const char *path, const struct strbuf *bytes)
{
	size_t done = 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	while (done < bytes->len) {
		ssize_t n = write(fd, bytes->buf + done, bytes->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	bool whole = done == bytes->len && fsync(fd) == 0;
	return close(fd) == 0 && whole;
}

void drafts_save(struct app *a)
{
	struct strbuf path = { 0 }, fresh = { 0 }, bytes = { 0 };

	draft_path(a, "", &path);
	draft_path(a, ".new", &fresh);
	for (size_t i = 0; i < a->drafts.len; i++) {
		const struct draft *d = &a->drafts.v[i];
		escape(d->verb, &bytes);
		strbuf_add_char(&bytes, '\t');
		escape(d->subject, &bytes);
		strbuf_add_char(&bytes, '\t');
		for (size_t k = 0; k < d->values.len; k++) {
			escape(d->values.v[k], &bytes);
			strbuf_add_char(&bytes, '\t');
		}
		strbuf_add_char(&bytes, '\n');
	}
	if (a->session->read_only)
		;
	else if (bytes.len == 0)
		unlink(strbuf_text(&path));
	else if (!write_all(strbuf_text(&fresh), &bytes) || rename(strbuf_text(&fresh), strbuf_text(&path)) != 0)
		APP_SAY(a, N_("cannot keep the draft on disk: {1}; it is kept while hoshu runs"), strerror(errno));
	strbuf_release(&path);
	strbuf_release(&fresh);
	strbuf_release(&bytes);
}

/* Reads a whole small file of our own; "" when there is none. */
static void read_file(const char *path, struct strbuf *out)
{
	char bytes[8192];
	struct stat st;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == getuid())
		while (out->len < DRAFT_FILE_MAX && (n = read(fd, bytes, sizeof bytes)) > 0)
			strbuf_add(out, bytes, (size_t)n);
	close(fd);
}

void drafts_load(struct app *a)
{
	struct strbuf path = { 0 }, bytes = { 0 };

	draft_path(a, "", &path);
	read_file(strbuf_text(&path), &bytes);
	for (const char *p = strbuf_text(&bytes); *p != '\0';) {
		struct draft d = { .verb = unescape(&p) };
		d.subject = unescape(&p);
		while (*p != '\n' && *p != '\0')
			vec_push(&d.values, unescape(&p));
		p += *p == '\n';
		vec_push(&a->drafts, d);
	}
	strbuf_release(&path);
	strbuf_release(&bytes);
}

/* ---- $EDITOR ---- */

/* In the runtime folder, which is memory and the owner's alone; else in the contract's. */
static int editor_file(const struct app *a, struct strbuf *path)
{
	const char *runtime = a->session->config->runtime_folder;

	strbuf_addf(path, "%s/edit-XXXXXX.txt", *runtime != '\0' ? runtime : strbuf_text(&a->session->folder));
	if (*runtime != '\0')
		mkdir(runtime, 0700);
	return mkstemps(path->buf, 4);
}

char *edit_text(struct app *a, const char *text, struct err *err)
{
	const char *editor = getenv("VISUAL") != NULL ? getenv("VISUAL") : getenv("EDITOR");
	struct strbuf path = { 0 }, bytes = { 0 };
	char *edited = NULL;
	int fd = editor_file(a, &path);

	if (fd < 0) {
		ERR(err, HS_ERR_IO, N_("cannot make a file for the editor: {1}"), strerror(errno));
		goto out;
	}
	close(fd);
	strbuf_add_text(&bytes, text);
	if (!write_all(strbuf_text(&path), &bytes)) {
		ERR(err, HS_ERR_IO, N_("cannot make a file for the editor: {1}"), strerror(errno));
		goto out;
	}
	editor = editor != NULL && *editor != '\0' ? editor : "vi";
	const char *const argv[] = { "/bin/sh", "-c", "exec $0 \"$1\"", editor, strbuf_text(&path), NULL };
	if (app_run(a, argv, err) != 0) {
		ERR(err, HS_ERR_CANCELLED, N_("the editor '{1}' failed; the text is as it was"), editor);
		goto out;
	}
	strbuf_clear(&bytes);
	read_file(strbuf_text(&path), &bytes);
	while (bytes.len > 0 && bytes.buf[bytes.len - 1] == '\n')
		strbuf_cut(&bytes, bytes.len - 1);
	edited = mem_text(strbuf_text(&bytes));
out:
	if (path.len > 0)
		unlink(strbuf_text(&path));
	strbuf_release(&path);
	strbuf_release(&bytes);
	return edited;
}
