-- status.db, version 1: what was measured. Written by the recorder alone.

-- A check's newest result, the state it has been in and what confirming and flapping are counted from; recent
-- is one character a result, oldest first, at most 20.
CREATE TABLE check_state (id TEXT PRIMARY KEY, host TEXT, state TEXT, since INTEGER, at INTEGER, last_good_at INTEGER,
	response_ms INTEGER, value INTEGER, failures INTEGER, confirmed INTEGER, failing_since INTEGER, flapping INTEGER,
	flap_mpct INTEGER, recent TEXT, text TEXT, reason TEXT) WITHOUT ROWID;

-- State intervals, for ever. An interval ends where the next begins or where no sample came for too long.
CREATE TABLE span (no INTEGER PRIMARY KEY, id TEXT, started INTEGER, ended INTEGER, first_at INTEGER, last_at INTEGER,
	state TEXT);
CREATE INDEX span_id ON span (id, started);

-- Hourly roll-ups: results by state, and response times by the logarithm of their milliseconds.
CREATE TABLE hour (id TEXT, started INTEGER, state TEXT, samples INTEGER, PRIMARY KEY (id, started, state)) WITHOUT ROWID;
CREATE TABLE latency (id TEXT, started INTEGER, bucket INTEGER, samples INTEGER, worst_ms INTEGER,
	PRIMARY KEY (id, started, bucket)) WITHOUT ROWID;

-- Raw results of the last days.
CREATE TABLE sample (id TEXT, at INTEGER, state TEXT, reason TEXT, response_ms INTEGER, value INTEGER,
	PRIMARY KEY (id, at)) WITHOUT ROWID;
CREATE INDEX sample_at ON sample (at);

CREATE TABLE output (host TEXT PRIMARY KEY, at INTEGER, bytes BLOB) WITHOUT ROWID;
CREATE TABLE event (no INTEGER PRIMARY KEY, at INTEGER, id TEXT, kind TEXT, text TEXT);
CREATE INDEX event_at ON event (at, no);
CREATE TABLE recorder (no INTEGER PRIMARY KEY, cycle_at INTEGER, started_at INTEGER, next_at INTEGER, network_up INTEGER,
	network_since INTEGER);
