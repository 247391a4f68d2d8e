-- Companies and sites learn of no place under suspicion, neither from a delivery nor from an alert: not before the search
-- has made a suspected plant of the place either, and not from what an alert said before the delivery was judged again.

-- Whether a judged delivery names a place that may be a plant nobody licensed: by its ends, or by what was found.
CREATE FUNCTION names_candidate(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'suspected_plant' IN (
            coalesce(content#>>'{delivery,origin,kind}', ''), coalesce(content#>>'{delivery,destination,kind}', ''))
        OR coalesce(content @? '$.judgements[*] ? (@.outcome == "hit" && (@.rule == "unlicensed-origin"
            || @.rule == "suspected-plant" || @.rule == "cement-to-unregistered"))', false)
$$;
-- The rules whose text and place say where such a plant may be.
CREATE FUNCTION rule_names_candidate(rule text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rule IN ('unlicensed-origin', 'suspected-plant', 'cement-to-unregistered') $$;

ALTER POLICY candidates ON delivery USING (
    (SELECT web_reach()) NOT IN ('company', 'site') OR NOT names_candidate(content));
ALTER POLICY candidates ON alert USING (
    (SELECT web_reach()) NOT IN ('company', 'site')
    OR NOT rule_names_candidate(rule)
        AND (delivery_id IS NULL OR EXISTS (SELECT FROM delivery d WHERE d.delivery_id = alert.delivery_id)));

-- Who may be given work, and for which district: whoever gives it must know whether the other sees it.
DROP FUNCTION desk_names();
CREATE FUNCTION desk_names() RETURNS TABLE (name text, display_name text, role text, district text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT name, display_name, role, district FROM account
    WHERE NOT is_disabled AND role IN ('operator', 'enforcement_officer', 'safety_officer') ORDER BY name
$$;
REVOKE EXECUTE ON FUNCTION desk_names() FROM PUBLIC;
