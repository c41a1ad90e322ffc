/* Writing hoshu.conf: checked like any other, then put in place whole, readable by its owner alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/contract/config.h"
#include "data/contract/config_settings.h"
#include "data/contract/load.h"
#include "data/contract/schema.h"

/* A text in quotes; what may not stand in a file is found when the result is read again. */
static void add_quoted(struct strbuf *out, const char *text)
{
	strbuf_add_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, *text);
	}
	strbuf_add_char(out, '"');
}

static void add_setting(struct strbuf *out, const char *indent, const char *name, const char *value, const char *comment)
{
	strbuf_addf(out, "%s# %s\n%s%s = ", indent, comment, indent, name);
	add_quoted(out, value);
	strbuf_add_text(out, ";\n");
}

static const char *or(const char *given, const char *usual)
{
	return given != NULL && given[0] != '\0' ? given : usual;
}

void config_format(const struct config_answers *a, struct strbuf *out)
{
	strbuf_add_text(out, "# hoshu の設定 / settings of hoshu: hoshu.conf(5)\n# 検査 / to check: hoshu check\n\n");
	add_setting(out, "", "person", or(a->person, ""), "操作履歴に残る短い名前 / your short name, written beside all you do");
	add_setting(out, "", "tag", or(a->tag, ""), "このPCの記号、英大文字1-3字 / letters of this device, in every number it gives");
	add_setting(out, "", "contract", or(a->contract_file, "satte"),
		    "契約ファイルの名前かパス / name of an installed contract, or a path");
	add_setting(out, "", "role", or(a->role, "se"), "se: 記録する / writes, pm: 閲覧のみ / reads");
	add_setting(out, "", "language", or(a->language, "auto"), "auto, ja, en");
	strbuf_add_text(out, "\nui = {\n");
	add_setting(out, "\t", "theme", or(a->theme, "dark"), "dark, light, high-contrast, color-deficient, mono");
	add_setting(out, "\t", "ambiguous", "auto", "あいまい幅の文字 / characters of ambiguous width: auto, narrow, wide");
	strbuf_add_text(out, "\t# 罫線を ASCII で / frames of ASCII characters\n\tascii = false;\n"
			     "\t# false: 色を使わない / no colours\n\tcolor = true;\n};\n\n"
			     "collect = {\n"
			     "\t# 画面を開くと監視を始める / the console starts the recorder\n\tstart = true;\n"
			     "\t# 障害を検知したら自動で起票する / a confirmed fault opens a ticket\n\tauto_tickets = true;\n};\n");
}

int config_check_answers(const struct config_answers *a, struct complaints *complaints, struct err *err)
{
	struct config_file file = { 0 };
	struct arena mem = { 0 };
	struct strbuf text = { 0 }, path = { 0 };
	struct source s = { 0 };
	size_t before = complaints->list.len;

	config_format(a, &text);
	int rc = source_from_bytes("hoshu.conf", strbuf_text(&text), text.len, &s, err);
	if (rc == 0 && schema_read(&s, config_settings, &file, &mem, complaints) != 0)
		rc = complaints_error(complaints, before, s.name, err);
	if (rc == 0)
		rc = contract_find(file.contract, &path, err);
	source_release(&s);
	strbuf_release(&text);
	strbuf_release(&path);
	arena_release(&mem);
	return rc;
}

/* Every missing folder of path, for its owner alone. */
static int make_folders(const char *path, struct err *err)
{
	struct strbuf part = { 0 };
	int rc = 0;

	for (const char *p = path; rc == 0; p++) {
		if ((*p == '/' || *p == '\0') && part.len > 0 && mkdir(strbuf_text(&part), 0700) != 0 && errno != EEXIST)
			rc = ERR(err, HS_ERR_IO, N_("cannot make the folder '{1}': {2}"), strbuf_text(&part), strerror(errno));
		if (*p == '\0')
			break;
		strbuf_add_char(&part, *p);
	}
	strbuf_release(&part);
	return rc;
}

static int write_all(int fd, const struct strbuf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->buf + done, text->len - done);
		if (n < 0 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd);
}

/* The folder's entry is part of what must survive a power cut. */
static void sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

static int write_new(const char *temporary, const struct strbuf *text, struct err *err)
{
	unlink(temporary);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return ERR(err, HS_ERR_IO, N_("cannot write '{1}': {2}"), temporary, strerror(errno));
	int failed = fchmod(fd, 0600) != 0 || write_all(fd, text) != 0 ? errno : 0;
	if (close(fd) != 0 && failed == 0)
		failed = errno;
	if (failed == 0)
		return 0;
	unlink(temporary);
	return ERR(err, failed == ENOSPC ? HS_ERR_FULL : HS_ERR_IO, N_("cannot write '{1}': {2}"), temporary,
		   strerror(failed));
}

/* link(2) refuses to replace: whoever comes second is told, also when two start at once. */
static int put_in_place(const char *temporary, const char *file, bool replace, struct err *err)
{
	struct strbuf old = { 0 };
	int rc = 0;

	strbuf_addf(&old, "%s.old", file);
	if (replace && rename(file, strbuf_text(&old)) != 0 && errno != ENOENT)
		rc = ERR(err, HS_ERR_IO, N_("cannot rename '{1}': {2}"), file, strerror(errno));
	if (rc == 0 && link(temporary, file) != 0)
		rc = errno == EEXIST ?
			     ERR(err, HS_ERR_EXISTS, N_("'{1}' is there already and was left as it is; edit it, or run init with --replace"), file) :
			     ERR(err, HS_ERR_IO, N_("cannot write '{1}': {2}"), file, strerror(errno));
	unlink(temporary);
	strbuf_release(&old);
	return rc;
}

int config_save(const struct config *c, const struct config_answers *a, bool replace, struct err *err)
{
	struct strbuf text = { 0 }, temporary = { 0 };

	int rc = make_folders(c->config_folder, err);
	config_format(a, &text);
	strbuf_addf(&temporary, "%s.new.%ld", c->file, (long)getpid());
	if (rc == 0)
		rc = write_new(strbuf_text(&temporary), &text, err);
	if (rc == 0)
		rc = put_in_place(strbuf_text(&temporary), c->file, replace, err);
	if (rc == 0)
		sync_folder(c->config_folder);
	strbuf_release(&temporary);
	strbuf_release(&text);
	return rc;
}
