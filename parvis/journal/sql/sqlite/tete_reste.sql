-- tables: journal_chaine
DROP TRIGGER IF EXISTS {table}_tete_reste;
-- fin
CREATE TRIGGER {table}_tete_reste BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'La chaîne du journal ne s’efface pas.');
END;
