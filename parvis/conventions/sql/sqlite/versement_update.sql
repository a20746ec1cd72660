-- tables: conventions_versement
DROP TRIGGER IF EXISTS {table}_versement_update;
-- fin
CREATE TRIGGER {table}_versement_update BEFORE UPDATE ON {table}
WHEN OLD.annule_le IS NOT NULL
    -- Il s'annule, ou la base note que ses parts font sa somme : l'un ou l'autre.
    OR (NEW.annule_le IS NULL) = (NEW.derniere_part_id IS OLD.derniere_part_id)
    OR (NEW.derniere_part_id IS NOT OLD.derniere_part_id AND (
        OLD.derniere_part_id IS NOT 0
        OR OLD.montant IS NOT (
            SELECT SUM(montant) FROM conventions_partdeversement WHERE versement_id = OLD.id
        )
        OR NOT EXISTS (
            SELECT 1 FROM conventions_partdeversement
            WHERE id = NEW.derniere_part_id AND versement_id = OLD.id
        )
    ))
    OR NEW.id IS NOT OLD.id
    OR NEW.acte_id IS NOT OLD.acte_id
    OR NEW.echeance_id IS NOT OLD.echeance_id
    OR NEW.financeur_id IS NOT OLD.financeur_id
    OR NEW.exercice IS NOT OLD.exercice
    OR NEW.montant IS NOT OLD.montant
    OR NEW.verse_le IS NOT OLD.verse_le
    OR NEW.numero_d_ordre IS NOT OLD.numero_d_ordre
    OR NEW.bordereau IS NOT OLD.bordereau
    OR NEW.compte IS NOT OLD.compte
    OR NEW.source IS NOT OLD.source
    OR NEW.note_le IS NOT OLD.note_le
    OR NEW.note_par IS NOT OLD.note_par
    OR EXISTS (
        SELECT 1 FROM conventions_retrait WHERE etat = 'decide' AND acte_id IN (
            OLD.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = OLD.acte_id)
        )
    )
    OR EXISTS (SELECT 1 FROM conventions_cloture WHERE acte_id = OLD.acte_id)
BEGIN
    SELECT RAISE(ABORT, 'Un versement ne se corrige pas et ne s’efface pas : il s’annule, une fois.');
END;
