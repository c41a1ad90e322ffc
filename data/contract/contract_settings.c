/* Every setting of a contract file: the one list behind the reader, the complaints and hoshu.conf(5). */
#include "data/contract/schema.h"

#define AT(type, member) .at = offsetof(struct type, member)
#define REQUIRED .flags = SETTING_REQUIRED
#define LIST_OF(type, table, list, count) \
	.kind = SET_LIST, .fields = (table), .size = sizeof(struct type), .at = offsetof(struct contract, list), \
	.count_at = offsetof(struct contract, count), .place_at = offsetof(struct type, place)
#define END { .name = NULL }

#define ID_NAME(type) \
	{ .name = "id", .kind = SET_ID, REQUIRED, AT(type, id), .help = N_("id that records refer to; never changes") }, \
	{ .name = "name", .kind = SET_NAME, REQUIRED, AT(type, name), .help = N_("name in Japanese and English") }, \
	{ .name = "short", .kind = SET_SHORT, AT(type, name), .help = N_("the name for narrow columns") }

static const char *const window_kinds[] = { "24x7", "daily", NULL };
static const char *const service_kinds[] = { "online", "backup", "security", "log", NULL };
static const char *const host_kinds[] = { "server", "pc", "router", NULL };
static const char *const flow_ids[] = { "incident", "issue", "inquiry", "request", "change", "security", "work", NULL };
static const char *const due_rules[] = { "yearly", "at-meeting", "after-meeting", NULL };
static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };
static const char *const staff_roles[] = { "pm", "engineer", "sales", NULL };
static const char *const acts[] = { "coordination", "discussion", "agreement", "consent", "report", NULL };

static const struct setting site_settings[] = {
	ID_NAME(site),
	{ .name = "number", .kind = SET_INT, REQUIRED, AT(site, number), .min = 1, .max = 999,
	  .help = N_("number in the contract") },
	{ .name = "address", .kind = SET_TEXT, AT(site, address), .help = N_("postal address") },
	{ .name = "uses", .kind = SET_IDS, AT(site, uses), .help = N_("services the site depends on") },
	END
};

static const struct setting window_settings[] = {
	{ .name = "kind", .kind = SET_CHOICE, REQUIRED, AT(window, kind), .choices = window_kinds,
	  .help = N_("always, or the same hours each day") },
	{ .name = "from", .kind = SET_CLOCK, AT(window, from_s), .help = N_("daily: the first moment") },
	{ .name = "to", .kind = SET_CLOCK, AT(window, to_s), .help = N_("daily: the end") },
	{ .name = "except", .kind = SET_MONTH_DAYS, AT(window, except), .help = N_("days of the year without service") },
	{ .name = "library_closed_days", .kind = SET_BOOL, AT(window, library_closed_days),
	  .help = N_("no service on the library's closed days") },
	END
};

static const struct setting service_settings[] = {
	ID_NAME(service),
	{ .name = "kind", .kind = SET_WORD, REQUIRED, AT(service, kind), .choices = service_kinds,
	  .help = N_("what is watched: answers, backups, security software or logs") },
	{ .name = "window", .kind = SET_GROUP, REQUIRED, AT(service, window), .fields = window_settings,
	  .help = N_("service hours") },
	{ .name = "slow_ms", .kind = SET_INT, AT(service, slow_ms), .max = 600000,
	  .help = N_("an answer that takes longer counts as slow, milliseconds") },
	{ .name = "needs", .kind = SET_IDS, AT(service, needs), .help = N_("services and hosts it depends on") },
	{ .name = "checks", .kind = SET_IDS, AT(service, checks), .help = N_("checks that show whether it is up") },
	{ .name = "consult", .kind = SET_BOOL, AT(service, consult), .help = N_("its hours are still to be agreed") },
	END
};

static const struct setting group_settings[] = { ID_NAME(host_group), END };

static const struct setting host_settings[] = {
	ID_NAME(host),
	{ .name = "kind", .kind = SET_WORD, AT(host, kind), .choices = host_kinds, .initial = "server",
	  .help = N_("what it is") },
	{ .name = "site", .kind = SET_ID, AT(host, site), .help = N_("where it stands; nothing for the cloud") },
	{ .name = "address", .kind = SET_ADDRESS, AT(host, address), .help = N_("host name or address") },
	{ .name = "port", .kind = SET_INT, AT(host, port), .min = 1, .max = 65535, .initial = "22",
	  .help = N_("port of SSH") },
	{ .name = "user", .kind = SET_TEXT, AT(host, user), .max = 64, .help = N_("user name for SSH") },
	{ .name = "key_file", .kind = SET_PATH, AT(host, key_file), .help = N_("private key; nothing for the agent") },
	{ .name = "via", .kind = SET_ID, AT(host, via), .help = N_("host to go through") },
	{ .name = "probe", .kind = SET_BOOL, AT(host, probe), .initial = "true",
	  .help = N_("false: not filled in yet, never probed") },
	{ .name = "groups", .kind = SET_IDS, AT(host, groups), .help = N_("groups that patches are planned for") },
	END
};

static const struct setting check_settings[] = {
	ID_NAME(check),
	{ .name = "kind", .kind = SET_ID, REQUIRED, AT(check, kind), .help = N_("kind of probe") },
	{ .name = "host", .kind = SET_ID, REQUIRED, AT(check, host), .help = N_("host that is asked") },
	{ .name = "site", .kind = SET_ID, AT(check, site), .help = N_("site it counts for; the host's when not said") },
	{ .name = "interval", .kind = SET_DURATION, AT(check, interval_s), .min = 5, .max = 86400,
	  .help = N_("time between two probes; probing.interval when not said") },
	{ .name = "failures", .kind = SET_INT, AT(check, failures), .min = 1, .max = 20, .initial = "3",
	  .help = N_("failures in a row that make a fault") },
	{ .name = "port", .kind = SET_INT, AT(check, port), .max = 65535, .help = N_("TCP port") },
	{ .name = "path", .kind = SET_PATH, AT(check, path), .help = N_("folder or file system on the server") },
	{ .name = "service", .kind = SET_TEXT, AT(check, service), .max = 64, .help = N_("name of the service") },
	{ .name = "process", .kind = SET_TEXT, AT(check, process), .max = 64, .help = N_("name of the process") },
	{ .name = "warn", .kind = SET_INT64, AT(check, warn), .max = INT32_MAX,
	  .help = N_("warning from here on, in the unit of the kind") },
	{ .name = "fail", .kind = SET_INT64, AT(check, fail), .max = INT32_MAX,
	  .help = N_("fault from here on, in the unit of the kind") },
	{ .name = "min_size", .kind = SET_SIZE, AT(check, min_size), .help = N_("a backup smaller than this is a fault") },
	{ .name = "opens_ticket", .kind = SET_BOOL, AT(check, opens_ticket), .initial = "true",
	  .help = N_("a confirmed fault opens a ticket") },
	END
};

static const struct setting item_settings[] = { ID_NAME(flow_item), END };

#define ITEMS(type, list, count, text) \
	{ .name = (text), .kind = SET_LIST, .fields = item_settings, .size = sizeof(struct flow_item), AT(type, list), \
	  .count_at = offsetof(struct type, count), .place_at = NO_PLACE, .max = 40, \
	  .help = N_("check list or past cases") }

static const struct setting stage_settings[] = {
	ID_NAME(flow_stage),
	{ .name = "started", .kind = SET_BOOL, AT(flow_stage, started), .help = N_("entering it stamps the start of work") },
	{ .name = "recovered", .kind = SET_BOOL, AT(flow_stage, recovered), .help = N_("entering it stamps the recovery") },
	{ .name = "confirmed", .kind = SET_BOOL, AT(flow_stage, confirmed),
	  .help = N_("entering it stamps the confirmation") },
	{ .name = "closes", .kind = SET_BOOL, AT(flow_stage, closes), .help = N_("entering it closes the ticket") },
	ITEMS(flow_stage, items, item_count, "items"),
	END
};

static const struct setting flow_settings[] = {
	{ .name = "id", .kind = SET_WORD, REQUIRED, AT(flow, id), .choices = flow_ids, .help = N_("kind of ticket") },
	{ .name = "name", .kind = SET_NAME, REQUIRED, AT(flow, name), .help = N_("name in Japanese and English") },
	{ .name = "short", .kind = SET_SHORT, AT(flow, name), .help = N_("the name for narrow columns") },
	{ .name = "clock", .kind = SET_BOOL, AT(flow, clock), .help = N_("the recovery clock runs") },
	{ .name = "clause", .kind = SET_TEXT, AT(flow, clause), .max = 40, .help = N_("clause of the contract") },
	{ .name = "stages", .kind = SET_LIST, REQUIRED, .fields = stage_settings, .size = sizeof(struct flow_stage),
	  AT(flow, stages), .count_at = offsetof(struct flow, stage_count), .place_at = NO_PLACE, .max = 20,
	  .help = N_("its stages in order") },
	ITEMS(flow, examples, example_count, "examples"),
	END
};

static const struct setting phase_settings[] = { ID_NAME(phase), ITEMS(phase, items, item_count, "items"), END };

static const struct setting deliverable_settings[] = {
	ID_NAME(deliverable_rule),
	{ .name = "rule", .kind = SET_WORD, REQUIRED, AT(deliverable_rule, rule), .choices = due_rules,
	  .help = N_("when it is due") },
	{ .name = "month", .kind = SET_INT, AT(deliverable_rule, month), .max = 12, .help = N_("yearly: month") },
	{ .name = "day", .kind = SET_INT, AT(deliverable_rule, day), .max = 31, .help = N_("yearly: last day") },
	{ .name = "business_days", .kind = SET_INT, AT(deliverable_rule, business_days), .max = 60,
	  .help = N_("after-meeting: business days") },
	{ .name = "form", .kind = SET_NAME, AT(deliverable_rule, form), .help = N_("paper or file") },
	{ .name = "clause", .kind = SET_TEXT, AT(deliverable_rule, clause), .max = 40,
	  .help = N_("clause of the contract") },
	END
};

static const struct setting era_settings[] = {
	{ .name = "id", .kind = SET_ID, REQUIRED, AT(era, id), .help = N_("id") },
	{ .name = "name", .kind = SET_NAME, REQUIRED, AT(era, name), .help = N_("name in Japanese and English") },
	{ .name = "letter", .kind = SET_TAG, REQUIRED, AT(era, letter), .help = N_("letter of the short form") },
	{ .name = "from", .kind = SET_DAY, REQUIRED, AT(era, from_day), .help = N_("its first day") },
	END
};

static const struct setting reading_settings[] = {
	{ .name = "id", .kind = SET_ID, REQUIRED, AT(reading, id), .help = N_("id that records refer to; never changes") },
	{ .name = "clause", .kind = SET_TEXT, REQUIRED, AT(reading, clause), .max = 40,
	  .help = N_("clause of the contract") },
	{ .name = "text", .kind = SET_NAME, REQUIRED, AT(reading, text), .help = N_("the reading in Japanese and English") },
	{ .name = "value", .kind = SET_TEXT, AT(reading, value), .help = N_("the setting and value that follow from it") },
	END
};

static const struct setting work_settings[] = {
	ID_NAME(work),
	{ .name = "number", .kind = SET_INT, REQUIRED, AT(work, number), .min = 1, .max = 99,
	  .help = N_("number in the contract") },
	END
};

static const struct setting counterpart_settings[] = {
	{ .name = "about", .kind = SET_ID, REQUIRED, AT(counterpart, id), .help = N_("matter of the talk") },
	{ .name = "act", .kind = SET_WORD, REQUIRED, AT(counterpart, act), .choices = acts,
	  .help = N_("what the contract asks for") },
	{ .name = "body", .kind = SET_NAME, REQUIRED, AT(counterpart, body), .help = N_("with whom") },
	{ .name = "clause", .kind = SET_TEXT, AT(counterpart, clause), .max = 40, .help = N_("clause of the contract") },
	END
};

static const struct setting term_settings[] = {
	{ .name = "from", .kind = SET_DAY, REQUIRED, AT(contract, from_day), .help = N_("first day of the contract") },
	{ .name = "to", .kind = SET_DAY, REQUIRED, AT(contract, to_day), .help = N_("last day of the contract") },
	{ .name = "go_live", .kind = SET_DAY, REQUIRED, AT(contract, go_live_day), .help = N_("go-live day of the system") },
	END
};

static const struct setting business_settings[] = {
	{ .name = "from", .kind = SET_CLOCK, REQUIRED, AT(contract, business_from_s),
	  .help = N_("the business system must not stop from here") },
	{ .name = "to", .kind = SET_CLOCK, REQUIRED, AT(contract, business_to_s), .help = N_("to here") },
	END
};

static const struct setting reception_settings[] = {
	{ .name = "closed_from", .kind = SET_MONTH_DAY, AT(contract, reception_closed_from_md),
	  .help = N_("first day of the year without reception") },
	{ .name = "closed_to", .kind = SET_MONTH_DAY, AT(contract, reception_closed_to_md), .help = N_("last such day") },
	END
};

static const struct setting office_settings[] = {
	{ .name = "closed_from", .kind = SET_MONTH_DAY, AT(contract, office_closed_from_md),
	  .help = N_("first day of the year on which the city office is closed") },
	{ .name = "closed_to", .kind = SET_MONTH_DAY, AT(contract, office_closed_to_md), .help = N_("last such day") },
	{ .name = "holidays", .kind = SET_DAYS, AT(contract, extra_holidays),
	  .count_at = offsetof(struct contract, extra_holiday_count), .help = N_("further days when it is closed") },
	END
};

static const struct setting library_settings[] = {
	{ .name = "closed_weekdays", .kind = SET_BITS, AT(contract, library_closed_weekdays), .choices = weekdays,
	  .help = N_("weekdays on which the library is closed") },
	{ .name = "closed_days", .kind = SET_DAYS, AT(contract, library_closed_days),
	  .count_at = offsetof(struct contract, library_closed_day_count),
	  .help = N_("further days when the library is closed") },
	END
};

static const struct setting recovery_settings[] = {
	{ .name = "target", .kind = SET_DURATION, REQUIRED, AT(contract, recovery_target_s), .min = 60, .max = 31536000,
	  .help = N_("guideline from contact to recovery") },
	{ .name = "self_detected_counts", .kind = SET_BOOL, AT(contract, self_detected_counts),
	  .help = N_("the clock starts at our own detection") },
	{ .name = "emergency_stop_counts", .kind = SET_BOOL, AT(contract, sudden_stop_counts), .initial = "true",
	  .help = N_("emergency stops stay in the availability figure") },
	END
};

static const struct setting meeting_settings[] = {
	{ .name = "months", .kind = SET_INT, REQUIRED, AT(contract, meeting_months), .min = 1, .max = 24,
	  .help = N_("months between regular meetings") },
	{ .name = "attend", .kind = SET_WORDS, AT(contract, meeting_roles), .choices = staff_roles,
	  .help = N_("who must attend") },
	END
};

static const struct setting inventory_settings[] = {
	{ .name = "terminals", .kind = SET_INT, AT(contract, terminals), .max = 1000, .initial = "10",
	  .help = N_("handy terminals lent free of charge") },
	{ .name = "books_per_terminal_hour", .kind = SET_INT, AT(contract, books_per_terminal_hour), .min = 1,
	  .max = 100000, .initial = "1000", .help = N_("books that one terminal reads in an hour") },
	{ .name = "phases", LIST_OF(phase, phase_settings, phases, phase_count), .max = 20,
	  .help = N_("phases with their check lists") },
	END
};

static const struct setting staff_settings[] = {
	{ .name = "managers", .kind = SET_INT, AT(contract, staff_managers), .max = 10, .initial = "1",
	  .help = N_("project managers, exactly") },
	{ .name = "engineers", .kind = SET_INT, AT(contract, staff_min_engineers), .max = 100, .initial = "2",
	  .help = N_("engineers, at least") },
	{ .name = "dedicated", .kind = SET_BOOL, AT(contract, staff_dedicated), .initial = "true",
	  .help = N_("engineers must be dedicated") },
	END
};

static const struct setting warranty_settings[] = {
	{ .name = "months", .kind = SET_INT, AT(contract, warranty_months), .max = 240, .initial = "12",
	  .help = N_("months of warranty from the go-live day") },
	END
};

static const struct setting probing_settings[] = {
	{ .name = "interval", .kind = SET_DURATION, AT(contract, interval_s), .min = 5, .max = 86400, .initial = "5m",
	  .help = N_("time between two probes") },
	END
};

#define GROUP_OF(table) .kind = SET_GROUP, .fields = (table)

const struct setting contract_settings[] = {
	{ .name = "id", .kind = SET_ID, REQUIRED, AT(contract, id), .help = N_("name of the contract's data folder") },
	{ .name = "name", .kind = SET_NAME, REQUIRED, AT(contract, name), .help = N_("name in Japanese and English") },
	{ .name = "short", .kind = SET_NAME, REQUIRED, AT(contract, short_name), .help = N_("name in the header line") },
	{ .name = "client", .kind = SET_NAME, REQUIRED, AT(contract, client), .help = N_("who gave the contract") },
	{ .name = "contractor", .kind = SET_NAME, REQUIRED, AT(contract, contractor), .help = N_("who fulfils it") },
	{ .name = "practice", .kind = SET_BOOL, AT(contract, practice), .help = N_("invented, for practice") },
	{ .name = "zone", .kind = SET_ZONE, AT(contract, offset_s), .initial = "+09:00", .help = N_("time zone") },
	{ .name = "term", GROUP_OF(term_settings), REQUIRED, .help = N_("days of the contract") },
	{ .name = "business", GROUP_OF(business_settings), REQUIRED, .help = N_("hours of the business system") },
	{ .name = "reception", GROUP_OF(reception_settings), .help = N_("when faults can be reported") },
	{ .name = "office", GROUP_OF(office_settings), .help = N_("business days of the city office") },
	{ .name = "library", GROUP_OF(library_settings), .help = N_("closed days of the library") },
	{ .name = "recovery", GROUP_OF(recovery_settings), REQUIRED, .help = N_("recovery of faults") },
	{ .name = "meetings", GROUP_OF(meeting_settings), REQUIRED, .help = N_("regular meetings") },
	{ .name = "staff", GROUP_OF(staff_settings), .help = N_("staff that the contract asks for") },
	{ .name = "warranty", GROUP_OF(warranty_settings), .help = N_("defects repaired free of charge") },
	{ .name = "probing", GROUP_OF(probing_settings), .help = N_("defaults of checks") },
	{ .name = "inventory", GROUP_OF(inventory_settings), .help = N_("yearly inventory check") },
	{ .name = "sites", LIST_OF(site, site_settings, sites, site_count), REQUIRED, .max = 200, .help = N_("sites") },
	{ .name = "services", LIST_OF(service, service_settings, services, service_count), REQUIRED, .max = 100,
	  .help = N_("services with their hours") },
	{ .name = "groups", LIST_OF(host_group, group_settings, groups, group_count), .max = 100,
	  .help = N_("groups of hosts") },
	{ .name = "hosts", LIST_OF(host, host_settings, hosts, host_count), .max = 1000, .help = N_("servers and devices") },
	{ .name = "checks", LIST_OF(check, check_settings, checks, check_count), .max = 10000,
	  .help = N_("what is probed on them") },
	{ .name = "flows", LIST_OF(flow, flow_settings, flows, flow_count), REQUIRED, .max = 7,
	  .help = N_("stages and check lists of each kind of ticket") },
	{ .name = "deliverables", LIST_OF(deliverable_rule, deliverable_settings, deliverables, deliverable_count),
	  .max = 50, .help = N_("what must be handed in, and when") },
	{ .name = "works", LIST_OF(work, work_settings, works, work_count), .max = 50, .help = N_("kinds of work") },
	{ .name = "counterparts", LIST_OF(counterpart, counterpart_settings, counterparts, counterpart_count), .max = 50,
	  .help = N_("with whom a matter is talked over") },
	{ .name = "eras", LIST_OF(era, era_settings, eras, era_count), .max = 20, .help = N_("eras after the built-in ones") },
	{ .name = "readings", LIST_OF(reading, reading_settings, readings, reading_count), .max = 200,
	  .help = N_("readings of the contract that are still to be agreed") },
	END
};
