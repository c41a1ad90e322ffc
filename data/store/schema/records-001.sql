-- records.db, version 1. People's tables hold no UNIQUE, REFERENCES, CHECK or NOT NULL: they are a fold of the
-- log, and applying a change can never fail. Their columns are those of core/change/tables.def.
-- Guard triggers for every table are made by migrate.c.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

-- Devices known here; meta 'device' names the one that writes.
CREATE TABLE device (no INTEGER PRIMARY KEY, id TEXT, tag TEXT, machine TEXT);
CREATE INDEX device_id ON device (id);

-- The log: transactions in the order they arrived, and their changes. hlc is that of the first change;
-- the n-th has hlc + n. outcome is that of change.h. digest chains the changes of one device.
CREATE TABLE tx (seq INTEGER PRIMARY KEY, id TEXT, device INTEGER, hlc INTEGER, changes INTEGER, at INTEGER,
	actor TEXT, verb TEXT, undoes TEXT);
CREATE INDEX tx_id ON tx (id);
CREATE INDEX tx_device ON tx (device, seq);
CREATE INDEX tx_hlc ON tx (hlc + changes);
CREATE INDEX tx_at ON tx (at, seq);
CREATE INDEX tx_undoes ON tx (undoes) WHERE undoes IS NOT NULL;

-- Every row ever named by a change, so that the log holds short numbers; touched is its newest transaction.
CREATE TABLE entity (no INTEGER PRIMARY KEY, tbl TEXT, id TEXT, touched INTEGER);
CREATE INDEX entity_id ON entity (id);
CREATE INDEX entity_touched ON entity (tbl, touched);

CREATE TABLE change (tx INTEGER, n INTEGER, row INTEGER, col TEXT, before, after, outcome INTEGER, digest BLOB,
	PRIMARY KEY (tx, n)) WITHOUT ROWID;
CREATE INDEX change_row ON change (row);

CREATE TABLE ticket (id TEXT, number TEXT, kind TEXT, title TEXT, site TEXT, service TEXT, host TEXT,
	check_id TEXT, severity TEXT, cause TEXT, warranty TEXT, fee TEXT, mode TEXT, work TEXT, stage TEXT,
	caller TEXT, means TEXT, taken_by TEXT, owner TEXT, detected_at INTEGER, contact_at INTEGER,
	accepted_at INTEGER, started_at INTEGER, recovered_at INTEGER, confirmed_at INTEGER,
	permanent_at INTEGER, closed_at INTEGER, opened_at INTEGER, cause_text TEXT, measure_text TEXT,
	deferral TEXT, parent TEXT, deleted INTEGER);
CREATE TABLE ticket_stage (id TEXT, ticket TEXT, stage TEXT, who TEXT, reason TEXT, at INTEGER,
	deleted INTEGER);
CREATE TABLE ticket_check (id TEXT, ticket TEXT, check_id TEXT, at INTEGER, recovered_at INTEGER,
	deleted INTEGER);
CREATE TABLE note (id TEXT, subject TEXT, who TEXT, body TEXT, audience TEXT, at INTEGER,
	deleted INTEGER);
CREATE TABLE tick (id TEXT, subject TEXT, list TEXT, item TEXT, who TEXT, at INTEGER, deleted INTEGER);
CREATE TABLE talk (id TEXT, number TEXT, act TEXT, about TEXT, subject TEXT, body TEXT, person TEXT,
	who TEXT, means TEXT, result TEXT, said TEXT, conditions TEXT, cancels TEXT, at INTEGER,
	valid_until INTEGER, new_due INTEGER, deleted INTEGER);
CREATE TABLE stop (id TEXT, number TEXT, kind TEXT, title TEXT, reason TEXT, who TEXT, repeat TEXT,
	subject TEXT, from_at INTEGER, to_at INTEGER, began_at INTEGER, ended_at INTEGER,
	repeat_until_day INTEGER, deleted INTEGER);
CREATE TABLE stop_service (id TEXT, stop TEXT, service TEXT, deleted INTEGER);
CREATE TABLE patch (id TEXT, number TEXT, hosts TEXT, package TEXT, version TEXT, target TEXT,
	title TEXT, source TEXT, significance TEXT, exploited TEXT, reboot TEXT, emergency TEXT, stage TEXT,
	action TEXT, reason TEXT, owner TEXT, stop TEXT, agreement TEXT, published_at INTEGER, due_at INTEGER,
	review_day INTEGER, closed_at INTEGER, deleted INTEGER);
CREATE TABLE patch_step (id TEXT, patch TEXT, stage TEXT, who TEXT, body TEXT, reason TEXT, at INTEGER,
	deleted INTEGER);
CREATE TABLE patch_host (id TEXT, patch TEXT, host TEXT, version TEXT, reboot_pending TEXT,
	applied_at INTEGER, verified_at INTEGER, deleted INTEGER);
CREATE TABLE patch_advisory (id TEXT, patch TEXT, advisory TEXT, deleted INTEGER);
CREATE TABLE campaign (id TEXT, number TEXT, title TEXT, fiscal_year INTEGER, from_day INTEGER,
	to_day INTEGER, return_day INTEGER, closed_at INTEGER, deleted INTEGER);
CREATE TABLE campaign_site (id TEXT, campaign TEXT, site TEXT, phase TEXT, attendant TEXT, areas TEXT,
	agreement TEXT, from_day INTEGER, to_day INTEGER, closed_from_day INTEGER, closed_to_day INTEGER,
	books INTEGER, hours_per_day INTEGER, scanned INTEGER, missing INTEGER, deleted INTEGER);
CREATE TABLE campaign_phase (id TEXT, campaign_site TEXT, phase TEXT, who TEXT, reason TEXT, at INTEGER,
	deleted INTEGER);
CREATE TABLE terminal (id TEXT, code TEXT, model TEXT, serial TEXT, accessories TEXT, state TEXT,
	deleted INTEGER);
CREATE TABLE loan (id TEXT, terminal TEXT, campaign TEXT, site TEXT, handed_by TEXT, received_by TEXT,
	condition_out TEXT, returned_by TEXT, taken_by TEXT, condition_in TEXT, wiped_by TEXT, out_at INTEGER,
	in_at INTEGER, imported_at INTEGER, wiped_at INTEGER, deleted INTEGER);
CREATE TABLE staff (id TEXT, name TEXT, short_name TEXT, role TEXT, scope TEXT, authority TEXT,
	duty TEXT, dedicated TEXT, phone TEXT, mail TEXT, from_day INTEGER, to_day INTEGER, deleted INTEGER);
CREATE TABLE deliverable (id TEXT, kind TEXT, title TEXT, maker TEXT, version TEXT, receiver TEXT,
	means TEXT, subject TEXT, due_day INTEGER, made_at INTEGER, submitted_at INTEGER, deleted INTEGER);
CREATE TABLE host_key (id TEXT, host TEXT, type TEXT, key TEXT, fingerprint TEXT, who TEXT,
	channel TEXT, at INTEGER, revoked_at INTEGER, deleted INTEGER);

CREATE INDEX ticket_id ON ticket (id);
CREATE INDEX ticket_stage_id ON ticket_stage (id);
CREATE INDEX ticket_check_id ON ticket_check (id);
CREATE INDEX note_id ON note (id);
CREATE INDEX tick_id ON tick (id);
CREATE INDEX talk_id ON talk (id);
CREATE INDEX stop_id ON stop (id);
CREATE INDEX stop_service_id ON stop_service (id);
CREATE INDEX patch_id ON patch (id);
CREATE INDEX patch_step_id ON patch_step (id);
CREATE INDEX patch_host_id ON patch_host (id);
CREATE INDEX patch_advisory_id ON patch_advisory (id);
CREATE INDEX campaign_id ON campaign (id);
CREATE INDEX campaign_site_id ON campaign_site (id);
CREATE INDEX campaign_phase_id ON campaign_phase (id);
CREATE INDEX terminal_id ON terminal (id);
CREATE INDEX loan_id ON loan (id);
CREATE INDEX staff_id ON staff (id);
CREATE INDEX deliverable_id ON deliverable (id);
CREATE INDEX host_key_id ON host_key (id);

CREATE INDEX ticket_number ON ticket (length(number), number);
CREATE INDEX talk_number ON talk (length(number), number);
CREATE INDEX stop_number ON stop (length(number), number);
CREATE INDEX patch_number ON patch (length(number), number);
CREATE INDEX campaign_number ON campaign (length(number), number);

CREATE INDEX ticket_open ON ticket (detected_at) WHERE closed_at IS NULL AND deleted IS NULL;
CREATE INDEX ticket_queue ON ticket (contact_at) WHERE closed_at IS NULL AND recovered_at IS NULL AND deleted IS NULL;
CREATE INDEX ticket_closed ON ticket (closed_at, id) WHERE closed_at IS NOT NULL AND deleted IS NULL;
CREATE INDEX ticket_major ON ticket (coalesce(contact_at, detected_at, opened_at))
	WHERE severity = 'major' AND deleted IS NULL;
CREATE INDEX ticket_opened ON ticket (opened_at);
CREATE INDEX ticket_site ON ticket (site, opened_at);
CREATE INDEX ticket_by_check ON ticket (check_id);
CREATE INDEX ticket_parent ON ticket (parent) WHERE parent IS NOT NULL;
CREATE INDEX ticket_stage_ticket ON ticket_stage (ticket);
CREATE INDEX ticket_check_ticket ON ticket_check (ticket);
CREATE INDEX ticket_check_check ON ticket_check (check_id);
CREATE INDEX note_subject ON note (subject, at);
CREATE INDEX tick_subject ON tick (subject);
CREATE INDEX talk_subject ON talk (subject, at);
CREATE INDEX stop_from ON stop (from_at);
CREATE INDEX stop_service_stop ON stop_service (stop);
CREATE INDEX patch_open ON patch (due_at) WHERE closed_at IS NULL AND deleted IS NULL;
CREATE INDEX patch_step_patch ON patch_step (patch);
CREATE INDEX patch_host_patch ON patch_host (patch);
CREATE INDEX patch_host_host ON patch_host (host);
CREATE INDEX patch_advisory_patch ON patch_advisory (patch);
CREATE INDEX campaign_site_campaign ON campaign_site (campaign);
CREATE INDEX campaign_phase_site ON campaign_phase (campaign_site);
CREATE INDEX loan_terminal ON loan (terminal);
CREATE INDEX loan_campaign ON loan (campaign);
CREATE INDEX deliverable_kind ON deliverable (kind, due_day);
CREATE INDEX deliverable_subject ON deliverable (subject);
CREATE INDEX host_key_host ON host_key (host);
