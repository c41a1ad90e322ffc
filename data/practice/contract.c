/* See contract.h. Works on the text, line by line: a setting of the top level begins at a line's start and ends with ";". */
#include "data/practice/contract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/civil.h"
#include "core/base/mem.h"
#include "core/base/strbuf.h"

enum { FILE_MAX = 1 << 20, INTERVAL_S = 10 };

static void put_hosts(const struct world *w, struct strbuf *out)
{
	static const char *const names[WORLD_HOSTS][3] = {
		{ "業務サーバ1", "Application server 1", "AP01" },
		{ "DBサーバ1", "Database server 1", "DB01" },
		{ "Webサーバ1", "Web server 1", "WEB01" },
		{ "本館ルータ", "Main router", "本館RT" },
		{ "香日向ルータ", "Kahinata router", "香日向RT" },
		{ "東公民館ルータ", "East router", "東公民RT" },
		{ "西公民館ルータ", "West router", "西公民RT" },
		{ "南公民館ルータ", "South router", "南公民RT" },
		{ "北公民館ルータ", "North router", "北公民RT" },
	};
	static const char *const groups[] = { "ap", "db", "web" };

	strbuf_add_text(out, "hosts = (\n");
	for (size_t i = 0; i < WORLD_HOSTS; i++) {
		const struct world_host *h = &w->hosts[i];
		strbuf_addf(out, "\t{ id = \"%s\"; name = [ \"%s\", \"%s\" ]; short = [ \"%s\", \"%s\" ]; address = \"127.0.0.1\"; ",
			    h->id, names[i][0], names[i][1], names[i][2], i < WORLD_SERVERS ? names[i][2] : names[i][1]);
		if (i < WORLD_SERVERS)
			strbuf_addf(out, "port = %d; user = \"%s\"; key_file = \"%s/id_ed25519\"; groups = [ \"%s\" ]; ", h->port,
				    w->user, w->folder, groups[i]);
		else
			strbuf_addf(out, "kind = \"router\"; user = \"%s\"; site = \"%.*s\"; groups = [ \"router\" ]; ",
				    w->user, (int)strcspn(h->id, "-"), h->id);
		strbuf_addf(out, "probe = true; }%s\n", i + 1 < WORLD_HOSTS ? "," : "");
	}
	strbuf_add_text(out, ");\n");
}

/* The checks of one server; load, memory and uptime are this PC's own and say so. */
static void put_server_checks(const struct world *w, size_t i, struct strbuf *out)
{
	static const char *const ports[WORLD_SERVERS][3] = {
		{ "app", "業務接続", "Business port" }, { "db", "データベース接続", "Database port" },
		{ "https", "Web接続", "Web port" },
	};
	const char *id = w->hosts[i].id;
	static const char *const upper[WORLD_SERVERS] = { "AP01", "DB01", "WEB01" };
	const char *up = upper[i];
	char programs[WORLD_PROGRAMS][WORLD_PROGRAM_SIZE];

	for (size_t k = 0; k < WORLD_PROGRAMS; k++)
		world_program_name(w, i, k, programs[k]);

	strbuf_addf(out, "\t{ id = \"%s-ssh\"; kind = \"ssh\"; host = \"%s\"; name = [ \"%s SSH応答\", \"%s SSH\" ]; },\n", id, id,
		    up, up);
	strbuf_addf(out, "\t{ id = \"%s-%s\"; kind = \"tcp\"; host = \"%s\"; port = %d; name = [ \"%s\", \"%s\" ]; },\n", id,
		    ports[i][0], id, w->hosts[i].port, ports[i][1], ports[i][2]);
	strbuf_addf(out,
		    "\t{ id = \"%s-load\"; kind = \"uptime\"; host = \"%s\"; opens_ticket = false; "
		    "name = [ \"このPCの負荷\", \"Load of this PC\" ]; },\n",
		    id, id);
	strbuf_addf(out,
		    "\t{ id = \"%s-memory\"; kind = \"memory\"; host = \"%s\"; warn = 95; fail = 99; opens_ticket = false; "
		    "name = [ \"このPCのメモリ\", \"Memory of this PC\" ]; },\n",
		    id, id);
	strbuf_addf(out,
		    "\t{ id = \"%s-disk\"; kind = \"disk\"; host = \"%s\"; path = \"%s/%s/disk\"; warn = 80; fail = 95; "
		    "name = [ \"%s ディスク\", \"%s disk\" ]; },\n",
		    id, id, w->folder, id, up, up);
	strbuf_addf(out,
		    "\t{ id = \"%s-backup\"; kind = \"backup\"; host = \"%s\"; path = \"%s/%s/disk/backup\"; warn = 93600; "
		    "fail = 180000; name = [ \"%s バックアップ\", \"%s backup\" ]; },\n",
		    id, id, w->folder, id, up, up);
	strbuf_addf(out,
		    "\t{ id = \"%s-process\"; kind = \"process\"; host = \"%s\"; process = \"%s\"; "
		    "name = [ \"%s プログラム\", \"%s program\" ]; },\n",
		    id, id, programs[0], up, up);
	strbuf_addf(out,
		    "\t{ id = \"%s-security\"; kind = \"process\"; host = \"%s\"; process = \"%s\"; "
		    "name = [ \"%s 対策ソフト\", \"%s security\" ]; },\n",
		    id, id, programs[1], up, up);
	strbuf_addf(out,
		    "\t{ id = \"%s-log\"; kind = \"process\"; host = \"%s\"; process = \"%s\"; "
		    "name = [ \"%s ログ\", \"%s logs\" ]; },\n",
		    id, id, programs[2], up, up);
	strbuf_addf(out,
		    "\t{ id = \"%s-clock\"; kind = \"clock\"; host = \"%s\"; warn = 2; fail = 30; opens_ticket = false; "
		    "name = [ \"%s 時刻\", \"%s clock\" ]; },\n",
		    id, id, up, up);
}

static void put_checks(const struct world *w, struct strbuf *out)
{
	strbuf_add_text(out, "checks = (\n");
	for (size_t i = 0; i < WORLD_SERVERS; i++)
		put_server_checks(w, i, out);
	for (size_t i = WORLD_SERVERS; i < WORLD_HOSTS; i++) {
		const char *id = w->hosts[i].id;
		int len = (int)strcspn(id, "-");
		strbuf_addf(out,
			    "\t{ id = \"%.*s-line\"; kind = \"tcp\"; host = \"%s\"; port = %d; name = [ \"回線\", \"Line\" ]; }%s\n",
			    len, id, id, w->hosts[i].port, i + 1 < WORLD_HOSTS ? "," : "");
	}
	strbuf_add_text(out, ");\n");
}

static void put_term(int32_t today, struct strbuf *out)
{
	int32_t start = day_add_months(today, -12);

	strbuf_add_text(out, "term = {\n\tfrom = \"");
	time_format(day_start(start, 0), 0, TIME_DAY, out);
	strbuf_add_text(out, "\";\n\tto = \"");
	time_format(day_start(day_add_months(start, 60), 0), 0, TIME_DAY, out);
	strbuf_add_text(out, "\";\n\tgo_live = \"");
	time_format(day_start(start, 0), 0, TIME_DAY, out);
	strbuf_add_text(out, "\";\n};\n");
}

/* Whether the line begins the top-level setting name. */
static bool begins(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncmp(line, name, len) == 0 && strncmp(line + len, " = ", 3) == 0;
}

/* The end of the setting that begins at line: behind the line ");", "};" or, of one line, behind that. */
static const char *setting_end(const char *line)
{
	const char *eol = strchr(line, '\n');

	if (eol != NULL && eol[-1] != '(' && eol[-1] != '{')
		return eol + 1;
	while (eol != NULL) {
		const char *next = eol + 1;
		eol = strchr(next, '\n');
		if (strncmp(next, ");", 2) == 0 || strncmp(next, "};", 2) == 0)
			return eol != NULL ? eol + 1 : next + strlen(next);
	}
	return NULL;
}

int practice_contract(const struct world *w, const char *bundled, int32_t today, struct strbuf *out, struct err *err)
{
	static const char *const settings[] = { "id", "term", "probing", "hosts", "checks" };
	unsigned found = 0;

	for (const char *line = bundled, *next; *line != '\0'; line = next) {
		size_t i = 0, count = sizeof settings / sizeof *settings;
		while (i < count && !begins(line, settings[i]))
			i++;
		if (i == count) {
			next = strchr(line, '\n');
			next = next != NULL ? next + 1 : line + strlen(line);
			strbuf_add(out, line, (size_t)(next - line));
			continue;
		}
		next = setting_end(line);
		if (next == NULL)
			return ERR(err, HS_ERR_INVALID, N_("the bundled contract's setting '{1}' has no end"), settings[i]);
		found |= 1U << i;
		if (i == 0)
			strbuf_add_text(out, "id = \"practice\";\npractice = true;\n");
		else if (i == 1)
			put_term(today, out);
		else if (i == 2)
			strbuf_addf(out, "probing = { interval = \"%ds\"; };\n", INTERVAL_S);
		else if (i == 3)
			put_hosts(w, out);
		else
			put_checks(w, out);
	}
	return found == 31 ? 0 : ERR(err, HS_ERR_INVALID, N_("the bundled contract lacks a setting that practice needs"));
}

static int read_file(const char *path, struct strbuf *out, struct err *err)
{
	FILE *f = fopen(path, "re");
	char block[8192];
	size_t n;

	if (f == NULL)
		return ERR(err, HS_ERR_IO, N_("cannot read '{1}': {2}"), path, strerror(errno));
	while ((n = fread(block, 1, sizeof block, f)) > 0 && out->len < FILE_MAX)
		strbuf_add(out, block, n);
	fclose(f);
	return 0;
}

int practice_contract_write(const struct world *w, const char *bundled_path, const char *path, int32_t today,
			    struct err *err)
{
	struct strbuf bundled = { 0 }, text = { 0 }, temp = { 0 };
	int rc = read_file(bundled_path, &bundled, err);

	if (rc == 0)
		rc = practice_contract(w, strbuf_text(&bundled), today, &text, err);
	if (rc == 0) {
		strbuf_addf(&temp, "%s.new", path);
		int fd = open(strbuf_text(&temp), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
		bool ok = fd >= 0 && write(fd, text.buf, text.len) == (ssize_t)text.len;
		if (fd >= 0)
			ok = close(fd) == 0 && ok;
		if (!ok || rename(strbuf_text(&temp), path) != 0)
			rc = ERR(err, HS_ERR_IO, N_("cannot write '{1}': {2}"), path, strerror(errno));
	}
	strbuf_release(&bundled);
	strbuf_release(&text);
	strbuf_release(&temp);
	return rc;
}
