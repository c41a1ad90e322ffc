/* The order of package versions, as dpkg and rpm see it (domain-rules §8: "at least the target version").
 *
 * Pure functions of two strings of any bytes; never fail, never allocate. The family of a host is often not known where a
 * version was written down by hand: then a version counts as "at least" only when both orders say so. */
#ifndef CORE_PATCH_VERSION_H
#define CORE_PATCH_VERSION_H

#include <stdbool.h>

enum version_family { VERSION_UNKNOWN, VERSION_DEB, VERSION_RPM };

/* The sign of a against b: -1, 0, 1. [epoch:]upstream[-revision] by Debian Policy 5.6.12. */
int version_deb_compare(const char *a, const char *b);
/* [epoch:]version[-release] as rpm 4.18 answers; a release that one side lacks is older than any. */
int version_rpm_compare(const char *a, const char *b);
/* Is version at least target? false when either is empty. */
bool version_at_least(enum version_family family, const char *version, const char *target);

#endif
