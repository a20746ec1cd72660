-- tables: journal_chaine
DROP TRIGGER IF EXISTS {table}_tete_avance;
-- fin
CREATE TRIGGER {table}_tete_avance BEFORE UPDATE ON {table}
WHEN NEW.contrat <> OLD.contrat OR NEW.nombre <> OLD.nombre + 1
BEGIN
    SELECT RAISE(ABORT, 'La chaîne du journal n’avance que d’un événement à la fois.');
END;
