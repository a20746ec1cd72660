-- tables: organismes_organisme
DROP TRIGGER IF EXISTS {table}_un_seul_niveau_insert;
-- fin
CREATE TRIGGER {table}_un_seul_niveau_insert BEFORE INSERT ON {table}
WHEN NEW.fusionne_dans_id IS NOT NULL
    AND EXISTS (
        SELECT 1 FROM {table} WHERE id = NEW.fusionne_dans_id AND fusionne_dans_id IS NOT NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'Un organisme gardé n''est pas lui-même un doublon.');
END;
