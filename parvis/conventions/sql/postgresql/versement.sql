-- tables: conventions_versement
CREATE OR REPLACE FUNCTION {table}_versement() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Deux versements du même acte se suivent : le second voit le premier.
        -- La convention d'un avenant aussi : un retrait l'arrêterait avec elle.
        PERFORM 1 FROM conventions_acte
            WHERE id IN (
                NEW.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = NEW.acte_id)
            )
            ORDER BY id FOR NO KEY UPDATE;
        IF NOT EXISTS (
        SELECT 1 FROM conventions_acte acte
        WHERE acte.id = NEW.acte_id AND acte.etat = 'notifie' AND acte.notifie_le <= NEW.verse_le
          AND acte.financeur_id = NEW.financeur_id
    ) OR EXISTS (
        SELECT 1 FROM conventions_retrait
        WHERE etat = 'decide' AND acte_id IN (
            NEW.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = NEW.acte_id)
        )
    ) OR EXISTS (
        SELECT 1 FROM conventions_cloture WHERE acte_id = NEW.acte_id
    ) OR EXISTS (
        SELECT 1 FROM conventions_lignedacte ligne
        JOIN programmation_lignededecision reponse ON reponse.id = ligne.reponse_id
        WHERE ligne.acte_id = NEW.acte_id AND reponse.condition <> ''
          AND NOT EXISTS (
            SELECT 1 FROM conventions_conditionlevee
            WHERE reponse_id = reponse.id AND annulee_le IS NULL
          )
    ) OR (NEW.echeance_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM conventions_echeance echeance
        WHERE echeance.id = NEW.echeance_id AND echeance.acte_id = NEW.acte_id
          AND echeance.montant >= NEW.montant + COALESCE((
            SELECT SUM(montant) FROM conventions_versement
            WHERE echeance_id = NEW.echeance_id AND annule_le IS NULL
          ), 0)
    )) OR NEW.annule_le IS NOT NULL THEN
            RAISE EXCEPTION 'Un versement se note sur un acte notifié, sans retrait, clôture ni condition qui reste à lever, jamais deux fois.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.derniere_part_id IS DISTINCT FROM 0 THEN
            RAISE EXCEPTION 'Un versement se note avant ses parts, qui font ensuite sa somme.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.annule_le IS NOT NULL
        -- Il s'annule, ou la base note que ses parts font sa somme : l'un ou l'autre.
        OR (NEW.annule_le IS NULL) = (NEW.derniere_part_id IS NOT DISTINCT FROM OLD.derniere_part_id)
        OR (NEW.derniere_part_id IS DISTINCT FROM OLD.derniere_part_id AND (
            OLD.derniere_part_id IS DISTINCT FROM 0
            OR OLD.montant IS DISTINCT FROM (
                SELECT SUM(montant) FROM conventions_partdeversement WHERE versement_id = OLD.id
            )
            OR NOT EXISTS (
                SELECT 1 FROM conventions_partdeversement
                WHERE id = NEW.derniere_part_id AND versement_id = OLD.id
            )
        ))
    THEN
        RAISE EXCEPTION 'Un versement ne se corrige pas et ne s’efface pas : il s’annule, une fois.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM conventions_acte WHERE id = OLD.acte_id FOR NO KEY UPDATE;
    IF (NEW.id, NEW.acte_id, NEW.echeance_id, NEW.financeur_id, NEW.exercice, NEW.montant, NEW.verse_le, NEW.numero_d_ordre, NEW.bordereau, NEW.compte, NEW.source, NEW.note_le, NEW.note_par)
        IS DISTINCT FROM
        (OLD.id, OLD.acte_id, OLD.echeance_id, OLD.financeur_id, OLD.exercice, OLD.montant, OLD.verse_le, OLD.numero_d_ordre, OLD.bordereau, OLD.compte, OLD.source, OLD.note_le, OLD.note_par)
        OR EXISTS (
        SELECT 1 FROM conventions_retrait WHERE etat = 'decide' AND acte_id IN (
            OLD.acte_id, (SELECT modifie_id FROM conventions_acte WHERE id = OLD.acte_id)
        )
    ) OR EXISTS (SELECT 1 FROM conventions_cloture WHERE acte_id = OLD.acte_id) THEN
        RAISE EXCEPTION 'Un versement ne se corrige pas et ne s’efface pas : il s’annule, une fois.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_versement ON {table};
-- fin
CREATE TRIGGER {table}_versement BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_versement();
