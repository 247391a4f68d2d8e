"""Writes rates.json beside this file: what the statistics of `Safety` must give, worked out by scipy, independently of
Boost.Math. The tests read the file and hold every number at 1e-6 relative; whoever adds a case runs

    python3 Tests/SafetyTests/Vectors/make.py

Sources of the cases: 4 to 1 and 6 to 5 accidents of Hangzhou's mixers 2010 and 2011 and the right-turn deaths of its
heavy trucks 2019 and 2020 (press); 11 of 800 against 21 of 3,011 is R's example of `poisson.test`; the supply of
Jiaxing's districts in 2015 is that of its plan (嘉发改〔2017〕196号), the counts beside it are made up.
"""

import json
import math
import pathlib

from scipy import optimize, stats


def garwood(x):
    low = 0.0 if x == 0 else stats.chi2.ppf(0.025, 2 * x) / 2
    return low, stats.chi2.ppf(0.975, 2 * x + 2) / 2


def mid_p(x):
    def below(mean):
        return stats.poisson.cdf(x - 1, mean) + stats.poisson.pmf(x, mean) / 2

    def root(chance):
        return optimize.brentq(lambda mean: below(mean) - chance, 1e-12, 10 * x + 50, xtol=1e-13, rtol=1e-14)

    return (0.0 if x == 0 else root(0.975)), root(0.025)


def ratio(x1, e1, x0, e0):
    n, chance, scale = x1 + x0, e1 / (e1 + e0), e0 / e1

    def odds(p):
        return p / (1 - p) * scale

    low = 0.0 if x1 == 0 else odds(stats.beta.ppf(0.025, x1, x0 + 1))
    high = odds(stats.beta.ppf(0.975, x1 + 1, x0))
    less, greater = stats.binom.cdf(x1, n, chance), stats.binom.sf(x1 - 1, n, chance)
    point = stats.binom.pmf(x1, n, chance)
    likely = sum(p for p in stats.binom.pmf(range(n + 1), n, chance) if p <= point * (1 + 1e-7))
    middle = less - point / 2
    return {
        "rr": x1 / e1 / (x0 / e0), "ci": [low, high], "p_less": less, "p_greater": greater,
        "p_central": min(1, 2 * min(less, greater)), "p_minlike": min(1, likely),
        "p_mid_two": min(1, 2 * min(middle, 1 - middle)), "p_mid_less": middle,
    }


def halved(x0, e0, x1, e1):
    c = 0.5 * e1 / e0
    return stats.beta.cdf(c / (1 + c), x1 + 0.5, x0 + 0.5)


def power(before, truth=0.5, hypothesis=1.0):
    after = before * truth
    mean, null, true = before + after, hypothesis / (1 + hypothesis), after / (before + after)
    total = 0.0
    for n in range(int(mean + 12 * math.sqrt(mean) + 30)):
        critical = -1
        while critical < n and stats.binom.cdf(critical + 1, n, null) <= 0.05:
            critical += 1
        if critical >= 0:
            total += stats.poisson.pmf(n, mean) * stats.binom.cdf(critical, n, true)
    return total


def marshall(counts, exposure):
    m = sum(counts) / sum(exposure)
    rates = [x / e for x, e in zip(counts, exposure)]
    s2 = sum(e * (r - m) ** 2 for e, r in zip(exposure, rates)) / sum(exposure)
    a = max(0.0, s2 - m / (sum(exposure) / len(exposure)))
    shrink = [a / (a + m / e) if a > 0 else 0.0 for e in exposure]
    chi2 = sum((x - e * m) ** 2 / (e * m) for x, e in zip(counts, exposure))
    return {
        "x": counts, "exposure_wan_m3": exposure, "s2": s2, "A": a, "shrink": shrink,
        "eb_per_Mm3": [100 * (m + c * (r - m)) for c, r in zip(shrink, rates)],
        "p": stats.chi2.sf(chi2, len(counts) - 1),
    }


def run_length(mean, threshold, k=0.75, steps=4):
    """Of a Poisson CUSUM with steps of a quarter, by its Markov chain."""
    states, reference = int(threshold * steps), int(k * steps)
    matrix = [[0.0] * states for _ in range(states)]
    for start in range(states):
        for count in range(200):
            end = max(0, start + steps * count - reference)
            if end < states:
                matrix[start][end] += stats.poisson.pmf(count, mean)
    import numpy

    return float(numpy.linalg.solve(numpy.eye(states) - numpy.array(matrix), numpy.ones(states))[0])


def charts():
    series = [0, 1, 0, 0, 2, 1, 0, 2, 1, 3, 0, 2]
    k, s, path = (1.0 - 0.5) / math.log(2), 0.0, []
    for count in series:
        s = max(0.0, s + count - k)
        path.append(s)
    z, average, limits = 0.5, [], []
    for t, count in enumerate(series, 1):
        z = 0.2 * count + 0.8 * z
        average.append(z)
        limits.append(0.5 + 3 * math.sqrt(0.5 * 0.2 / 1.8 * (1 - 0.8 ** (2 * t))))
    lengths = {
        f"h={h}": {name: run_length(mean, h) for name, mean in (("in_control", 0.5), ("doubled", 1), ("halved", 0.25))}
        for h in (3, 4, 5)
    }
    return {"series": series, "S_path": path, "ARL": lengths}, {"series": series, "z": average, "ucl": limits}


def hauer(x, after, mu, k, exposure):
    w = 1 / (1 + k * mu)
    eb = w * mu + (1 - w) * x
    var = (1 - w) * eb
    pi, var_pi = exposure * eb, exposure**2 * var
    relative = var_pi / pi**2
    theta = after / pi / (1 + relative)
    error = theta * math.sqrt(1 / after + relative) / (1 + relative)
    reach = stats.norm.ppf(0.975) * error
    return {
        "w": w, "eb": eb, "var_eb": var, "pi": pi, "var_pi": var_pi, "theta": theta, "se": error,
        "naive_ratio": after / (x * exposure), "CI95": [theta - reach, theta + reach],
    }


def comparison(k, l, m, n):
    expected = k * n / m
    error = math.sqrt(1 / k + 1 / l + 1 / m + 1 / n)
    factor = math.exp(stats.norm.ppf(0.975) * error)
    value = l / expected
    return {
        "expected_after": expected, "ratio": value, "theta_hauer": value / (1 + 1 / k + 1 / m + 1 / n),
        "log_se": error, "ci": [value / factor, value * factor],
    }


def finish(ceiling, x, gone, all_of):
    if x > ceiling:
        return 0.0
    return stats.nbinom.cdf(ceiling - x, x + 0.5, gone / all_of)


def main():
    supply = [483.3, 83.5, 107.8, 162.1, 134.7, 320.2, 304.2]
    truck_low, truck_high = (limit / 2100 * 10_000 for limit in garwood(6))
    cusum, ewma = charts()
    jeffreys = stats.gamma(0.5, scale=1 / 12.5)
    factor = 0.5**0.2
    vectors = {
        "S01_garwood": {
            str(x): dict(zip(("lo", "hi"), garwood(x))) for x in (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 20, 50, 137, 1000)
        },
        "S02_midp": {str(x): dict(zip(("lo", "hi"), mid_p(x))) for x in (0, 1, 2, 4, 6, 10, 25)},
        "S04_zero_deaths_12.5_Mvkm": {
            "hi": garwood(0)[1] / 12.5, "hi_one_sided_95": stats.chi2.ppf(0.95, 2) / 2 / 12.5,
            "jeffreys_95": [jeffreys.ppf(0.025), jeffreys.ppf(0.975)],
        },
        "S05_6_deaths_2100_trucks_per_10k": {"rate": 6 / 2100 * 10_000, "lo": truck_low, "hi": truck_high},
        "S07_hangzhou_core_4_to_1_equal_exposure": ratio(1, 1, 4, 1),
        "S08_hangzhou_all_6_to_5_equal_exposure": ratio(5, 1, 6, 1),
        "S10_R_poisson_test_11of800_21of3011": ratio(11, 800, 21, 3011),
        "S11_zero_after_5_before_equal": ratio(0, 1, 5, 1),
        "S13_exposure_adjusted_8_in_20Mvkm_vs_12_in_18Mvkm": ratio(8, 20, 12, 18),
        "S14_prob_halved_jeffreys": {
            f"x0={x0},e0={e0};x1={x1},e1={e1}": halved(x0, e0, x1, e1)
            for x0, e0, x1, e1 in ((12, 18, 4, 20), (12, 18, 8, 20), (6, 1, 3, 1), (6, 1, 0, 1), (40, 1, 14, 1), (0, 1, 0, 1))
        },
        "S16_power_to_show_any_reduction_when_truth_is_half": {str(m): power(m) for m in (5, 10, 20, 30, 40, 60)},
        "S17_power_to_show_halved_when_truth_is_0.35": {str(m): power(m, 0.35, 0.5) for m in (20, 40, 80, 120)},
        "S19_EB_marshall": marshall([3, 0, 1, 1, 0, 2, 4], supply),
        "S20_EB_marshall_overdispersed": marshall([12, 0, 1, 1, 0, 2, 9], supply),
        "S22_poisson_cusum": cusum,
        "S23_ewma_w0.2_mu0.5_L3": ewma,
        "S25_hauer_EB": hauer(12, 5, 6, 0.4, 1.1),
        "S26_comparison_group": comparison(12, 5, 200, 180),
        "S28_required_path_2015_2020_from_10_to_5": {
            "linear": [10.0 - i for i in range(6)], "geometric": [10 * factor**i for i in range(6)],
            "annual_factor": factor,
        },
        "S29_predictive_finish_under_ceiling": {
            f"ceil={c},x={x},{gone} of {all_of}": finish(c, x, gone, all_of)
            for c, x, gone, all_of in ((6, 3, 8, 12), (6, 5, 8, 12), (6, 0, 8, 12), (6, 7, 8, 12), (3, 2, 6, 12))
        },
        "S31_right_turn_share_hangzhou": {
            year: {"share": share, "right_turn_deaths": deaths, "implied_total": deaths / share}
            for year, deaths, share in (("2019", 65, 0.2876), ("2020", 64, 0.3333))
        },
    }
    path = pathlib.Path(__file__).with_name("rates.json")
    path.write_text(json.dumps(vectors, indent=1, ensure_ascii=False, default=float) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
