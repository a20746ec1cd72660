-- tables: journal_evenement
DROP TRIGGER IF EXISTS {table}_ajout_seul_update;
-- fin
CREATE TRIGGER {table}_ajout_seul_update BEFORE UPDATE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Le journal ne se modifie pas.');
END;
