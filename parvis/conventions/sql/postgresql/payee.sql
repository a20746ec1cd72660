-- tables: conventions_echeance
CREATE OR REPLACE FUNCTION {table}_payee() RETURNS trigger AS $$
DECLARE
    concernes bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN concernes := concernes || OLD.acte_id; END IF;
    IF TG_OP <> 'DELETE' THEN concernes := concernes || NEW.acte_id; END IF;
    -- Une signature en cours finit d'abord, ou attend : elle compte ces échéances.
    PERFORM 1 FROM conventions_acte WHERE id = ANY (concernes) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM conventions_acte WHERE id = ANY (concernes) AND etat <> 'prepare') THEN
        RAISE EXCEPTION 'Un échéancier ne change que tant que son acte est en préparation.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_payee ON {table};
-- fin
CREATE TRIGGER {table}_payee BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_payee();
