/* A port that must take connections: connected to and closed, from this PC. */
#include "core/probe/kind.h"

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_PORT | USES_WARN, USES_PORT, err);
}

const struct probe_kind probe_tcp = {
	.name = "tcp",
	.title = NC_("probe", "TCP port"),
	.unit = "ms",
	.validate = validate,
};
