-- tables: cadre_renvoi, cadre_constat, cadre_publicdefiche, cadre_lieudefiche, cadre_typedeprojet, cadre_dispositifdefiche, cadre_partenairedefiche, cadre_versiondefiche, cadre_enjeu, cadre_pilier, cadre_sujethorscontrat
DROP TRIGGER IF EXISTS {table}_figee_insert;
-- fin
CREATE TRIGGER {table}_figee_insert BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM cadre_edition WHERE id = NEW.edition_id AND statut = 'publiee')
BEGIN
    SELECT RAISE(ABORT, 'Une édition publiée ne change plus.');
END;
