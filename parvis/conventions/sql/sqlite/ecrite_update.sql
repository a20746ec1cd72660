-- tables: conventions_lignedacte
DROP TRIGGER IF EXISTS {table}_ecrite_update;
-- fin
CREATE TRIGGER {table}_ecrite_update BEFORE UPDATE ON {table}
-- Annulé, un acte ne vaut plus : c'est tout ce qui change d'une ligne.
WHEN NEW.id <> OLD.id OR NEW.acte_id <> OLD.acte_id OR NEW.reponse_id <> OLD.reponse_id
    OR NEW.demande_id <> OLD.demande_id OR NEW.montant <> OLD.montant
    OR NEW.est_en_nature <> OLD.est_en_nature OR NOT OLD.vaut
    OR (NOT NEW.vaut AND NOT EXISTS (
        SELECT 1 FROM conventions_acte WHERE id = NEW.acte_id AND etat = 'annule'
    ))
BEGIN
    SELECT RAISE(ABORT, 'Ce qu’un acte dit d’une demande ne change plus.');
END;
