-- tables: dossiers_versiondappel
DROP TRIGGER IF EXISTS {table}_publiee_update;
-- fin
CREATE TRIGGER {table}_publiee_update BEFORE UPDATE ON {table}
WHEN OLD.etat = 'publiee'
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un appel ne change plus.');
END;
