-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_imputee_fixe;
-- fin
CREATE TRIGGER {table}_imputee_fixe BEFORE UPDATE ON {table}
WHEN (
    NEW.id <> OLD.id OR NEW.dossier_id <> OLD.dossier_id OR NEW.financeur_id IS NOT OLD.financeur_id
    OR NEW.exercice <> OLD.exercice OR NEW.nature <> OLD.nature OR NEW.guichet <> OLD.guichet
) AND EXISTS (SELECT 1 FROM programmation_imputation WHERE demande_id IN (OLD.id, NEW.id))
BEGIN
    SELECT RAISE(
        ABORT, 'Une demande prise sur une enveloppe garde son financeur, son exercice et sa nature.'
    );
END;
