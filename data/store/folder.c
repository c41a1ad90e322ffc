/* See folder.h. */
#include <config.h>

#include "data/store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"

int folder_errno(int number, const char *name, struct err *err)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR(err, HS_ERR_FULL, N_("cannot write '{1}': the disk is full"), name);
	case ENOENT:
	case ENOTDIR:
		return ERR(err, HS_ERR_NOT_FOUND, N_("there is no '{1}'"), name);
	case EEXIST:
		return ERR(err, HS_ERR_EXISTS, N_("'{1}' is there already"), name);
	case ELOOP:
		return ERR(err, HS_ERR_UNSAFE, N_("'{1}' is a link; hoshu follows none"), name);
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR(err, HS_ERR_UNSAFE, N_("no permission for '{1}'"), name);
	default:
		return ERR(err, HS_ERR_IO, N_("reading or writing '{1}' failed: {2}"), name, strerrorname_np(number));
	}
}

static int owner_check(const char *path, const struct stat *st, struct err *err)
{
	if (st->st_uid != geteuid())
		return ERR(err, HS_ERR_UNSAFE, N_("'{1}' belongs to another user (uid {2})"), path, MSG_INT(st->st_uid));
	if ((st->st_mode & 077) != 0)
		return ERR(err, HS_ERR_UNSAFE, N_("others may get at '{1}'; run: chmod go= '{1}'"), path);
	return 0;
}

/* Makes each missing part of the path; what is there already is left as it is. */
static int folder_make(const char *path, struct err *err)
{
	char *part = mem_text(path);
	int rc = 0;

	for (char *p = part + 1; rc == 0; p++) {
		char c = *p;
		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0700) == 0) {
			if (chmod(part, 0700) != 0)
				rc = folder_errno(errno, part, err);
		} else if (errno != EEXIST) {
			rc = folder_errno(errno, part, err);
		}
		*p = c;
		if (c == '\0')
			break;
	}
	free(part);
	return rc;
}

int folder_open(const char *path, bool make, int *fd, struct err *err)
{
	struct stat st;
	int rc;

	*fd = -1;
	if (*path == '\0')
		return folder_errno(ENOENT, path, err);
	if (make && (rc = folder_make(path, err)) != 0)
		return rc;
	if (lstat(path, &st) != 0)
		return folder_errno(errno, path, err);
	if (S_ISLNK(st.st_mode))
		return folder_errno(ELOOP, path, err);
	int f = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f < 0)
		return folder_errno(errno, path, err);
	if (fstat(f, &st) != 0)
		rc = folder_errno(errno, path, err);
	else
		rc = owner_check(path, &st, err);
	if (rc != 0) {
		close(f);
		return rc;
	}
	*fd = f;
	return 0;
}

int folder_file_check(int folder, const char *path, const char *name, struct stat *st, struct err *err)
{
	char shown[PATH_MAX];
	const char *parts[] = { path, "/", name };

	shown[0] = '\0';
	for (size_t i = 0, at = 0; i < 3 && at < sizeof shown - 1; i++) {
		size_t len = strnlen(parts[i], sizeof shown - 1 - at);
		memcpy(shown + at, parts[i], len);
		at += len;
		shown[at] = '\0';
	}
	if (fstatat(folder, name, st, AT_SYMLINK_NOFOLLOW) != 0)
		return folder_errno(errno, shown, err);
	if (S_ISLNK(st->st_mode))
		return folder_errno(ELOOP, shown, err);
	if (!S_ISREG(st->st_mode))
		return ERR(err, HS_ERR_UNSAFE, N_("'{1}' is not a plain file"), shown);
	if (st->st_nlink > 1)
		return ERR(err, HS_ERR_UNSAFE, N_("'{1}' has a second name (hard link)"), shown);
	return owner_check(shown, st, err);
}

int folder_file_new(int folder, const char *name, struct err *err)
{
	int fd = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return folder_errno(errno, name, err);
	int rc = fchmod(fd, 0600) == 0 ? 0 : folder_errno(errno, name, err);
	close(fd);
	return rc;
}

int folder_sync(int folder, const char *name, struct err *err)
{
	int fd = name != NULL ? openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : folder;

	if (fd < 0)
		return folder_errno(errno, name, err);
	int rc = fsync(fd) == 0 ? 0 : folder_errno(errno, name != NULL ? name : ".", err);
	if (name != NULL)
		close(fd);
	return rc;
}
