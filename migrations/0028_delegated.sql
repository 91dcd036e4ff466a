-- An actor is `user:<id> via client:<id>` where an application acts for the user: it is found by the user.
DROP INDEX events_by_actor;
DROP INDEX events_of_actor;
CREATE INDEX events_by_actor ON events (substr(actor, 1, instr(actor || ' via ', ' via ') - 1), seq);
CREATE INDEX events_of_actor ON events (reseller_id, substr(actor, 1, instr(actor || ' via ', ' via ') - 1), seq);
