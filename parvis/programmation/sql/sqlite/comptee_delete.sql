-- tables: programmation_imputation
DROP TRIGGER IF EXISTS {table}_comptee_delete;
-- fin
CREATE TRIGGER {table}_comptee_delete BEFORE DELETE ON {table}
-- Une demande effacée juste avant ne fait pas oublier ce qui y était voté.
WHEN NOT EXISTS (
    SELECT 1 FROM dossiers_demande WHERE id = OLD.demande_id AND COALESCE(montant_vote, 0) = 0
)
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est voté reste pris sur une enveloppe.');
END;
