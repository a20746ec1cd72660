-- tables: conventions_reversement
CREATE OR REPLACE FUNCTION {table}_reversement() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.recu_le IS NOT NULL OR NEW.abandonne_le IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM conventions_lignedacte
        WHERE acte_id = NEW.acte_id AND demande_id = NEW.demande_id AND vaut AND NOT est_en_nature
    ) THEN
            RAISE EXCEPTION 'Un reversement se demande sur une demande que son acte paie, et se reçoit ensuite.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.abandonne_le IS NOT NULL
        -- Reçu, seule sa réception s'annule ; cela ne se note qu'alors.
        OR (OLD.recu_le IS NOT NULL AND (
            NEW.recu_le IS NOT NULL OR NEW.abandonne_le IS NOT NULL
            OR NEW.reception_annulee_le IS NULL
            OR NEW.reception_annulee_le IS NOT DISTINCT FROM OLD.reception_annulee_le
        ))
        OR (OLD.recu_le IS NULL AND
            (NEW.reception_annulee_le, NEW.reception_annulee_par, NEW.motif_d_annulation)
            IS DISTINCT FROM
            (OLD.reception_annulee_le, OLD.reception_annulee_par, OLD.motif_d_annulation))
    THEN
        RAISE EXCEPTION 'Un reversement reçu ou abandonné ne change plus, et aucun ne s’efface.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.acte_id, NEW.demande_id, NEW.retrait_id, NEW.montant, NEW.motif, NEW.demande_le, NEW.avant_le, NEW.demande_par)
        IS DISTINCT FROM
        (OLD.id, OLD.acte_id, OLD.demande_id, OLD.retrait_id, OLD.montant, OLD.motif, OLD.demande_le, OLD.avant_le, OLD.demande_par) THEN
        RAISE EXCEPTION 'Un reversement reçu ou abandonné ne change plus, et aucun ne s’efface.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_reversement ON {table};
-- fin
CREATE TRIGGER {table}_reversement BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_reversement();
