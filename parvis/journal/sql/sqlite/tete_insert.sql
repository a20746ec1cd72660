-- tables: journal_chaine
DROP TRIGGER IF EXISTS {table}_tete_insert;
-- fin
CREATE TRIGGER {table}_tete_insert BEFORE INSERT ON {table}
-- REPLACE remettrait la tête d'une chaîne à zéro.
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR contrat = NEW.contrat)
BEGIN
    SELECT RAISE(ABORT, 'La chaîne du journal ne s’efface pas.');
END;
