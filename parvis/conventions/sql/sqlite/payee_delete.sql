-- tables: conventions_echeance
DROP TRIGGER IF EXISTS {table}_payee_delete;
-- fin
CREATE TRIGGER {table}_payee_delete BEFORE DELETE ON {table}
WHEN EXISTS (
    SELECT 1 FROM conventions_versement WHERE acte_id = OLD.acte_id AND annule_le IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'Un échéancier ne change plus une fois qu’un versement est noté.');
END;
