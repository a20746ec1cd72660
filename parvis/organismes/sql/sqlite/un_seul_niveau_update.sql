-- tables: organismes_organisme
DROP TRIGGER IF EXISTS {table}_un_seul_niveau_update;
-- fin
CREATE TRIGGER {table}_un_seul_niveau_update BEFORE UPDATE OF fusionne_dans_id ON {table}
WHEN NEW.fusionne_dans_id IS NOT NULL
    AND (
        EXISTS (
            SELECT 1 FROM {table} WHERE id = NEW.fusionne_dans_id AND fusionne_dans_id IS NOT NULL
        )
        OR EXISTS (SELECT 1 FROM {table} WHERE fusionne_dans_id = NEW.id)
    )
BEGIN
    SELECT RAISE(ABORT, 'Un organisme gardé n''est pas lui-même un doublon.');
END;
