#include "CBoostMath.h"

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace {

namespace policies = boost::math::policies;

// An exception must not run into Swift: every kind of error is answered with a value.
using Quiet = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>, policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>, policies::rounding_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>>;

const double undefined = std::numeric_limits<double>::quiet_NaN();
const double unbounded = std::numeric_limits<double>::infinity();

// Beyond it some of the series take minutes, and no fleet has as many accidents.
const double largest_shape = 1e10;

bool is_shape(double x) { return x > 0 && x <= largest_shape; }
bool is_probability(double p) { return p >= 0 && p <= 1; }

// Boost's own checks come after arithmetic that NaN passes, so arguments are checked here, and what it throws all the
// same ends here.
template <typename Function>
double guarded(bool is_valid, Function function) noexcept {
    if (!is_valid) return undefined;
    try {
        return function();
    } catch (...) {
        return undefined;
    }
}

}  // namespace

extern "C" {

double cboostmath_gamma_p(double shape, double x) {
    if (is_shape(shape) && x == unbounded) return 1;
    return guarded(is_shape(shape) && x >= 0, [=] { return boost::math::gamma_p(shape, x, Quiet()); });
}

double cboostmath_gamma_q(double shape, double x) {
    if (is_shape(shape) && x == unbounded) return 0;
    return guarded(is_shape(shape) && x >= 0, [=] { return boost::math::gamma_q(shape, x, Quiet()); });
}

double cboostmath_gamma_p_inverse(double shape, double p) {
    if (is_shape(shape) && p == 1) return unbounded;
    return guarded(
        is_shape(shape) && is_probability(p), [=] { return boost::math::gamma_p_inv(shape, p, Quiet()); });
}

double cboostmath_gamma_q_inverse(double shape, double q) {
    if (is_shape(shape) && q == 0) return unbounded;
    return guarded(
        is_shape(shape) && is_probability(q), [=] { return boost::math::gamma_q_inv(shape, q, Quiet()); });
}

double cboostmath_gamma_density(double shape, double x) {
    if (is_shape(shape) && x == unbounded) return 0;
    return guarded(
        is_shape(shape) && x >= 0, [=] { return boost::math::gamma_p_derivative(shape, x, Quiet()); });
}

double cboostmath_beta_p(double a, double b, double x) {
    return guarded(is_shape(a) && is_shape(b) && is_probability(x), [=] {
        return boost::math::ibeta(a, b, x, Quiet());
    });
}

double cboostmath_beta_q(double a, double b, double x) {
    return guarded(is_shape(a) && is_shape(b) && is_probability(x), [=] {
        return boost::math::ibetac(a, b, x, Quiet());
    });
}

double cboostmath_beta_p_inverse(double a, double b, double p) {
    return guarded(is_shape(a) && is_shape(b) && is_probability(p), [=] {
        return boost::math::ibeta_inv(a, b, p, Quiet());
    });
}

double cboostmath_beta_q_inverse(double a, double b, double q) {
    return guarded(is_shape(a) && is_shape(b) && is_probability(q), [=] {
        return boost::math::ibetac_inv(a, b, q, Quiet());
    });
}

double cboostmath_beta_density(double a, double b, double x) {
    return guarded(is_shape(a) && is_shape(b) && is_probability(x), [=] {
        return boost::math::ibeta_derivative(a, b, x, Quiet());
    });
}

double cboostmath_normal_q_inverse(double q) {
    if (q == 0) return unbounded;
    if (q == 1) return -unbounded;
    return guarded(is_probability(q), [=] { return std::sqrt(2.0) * boost::math::erfc_inv(2 * q, Quiet()); });
}

}  // extern "C"
