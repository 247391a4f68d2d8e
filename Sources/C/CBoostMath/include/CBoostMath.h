// The distributions that Boost.Math knows, as plain C functions. None of them throws or sets anything: where there is
// no answer it is NaN, where there is no bound it is infinity. Shapes are above 0 and at most 1e10.
#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

#ifdef __cplusplus
extern "C" {
#endif

// Regularised incomplete gamma functions, P(shape, x) from below and Q(shape, x) from above, with their inverses.
double cboostmath_gamma_p(double shape, double x);
double cboostmath_gamma_q(double shape, double x);
double cboostmath_gamma_p_inverse(double shape, double p);
double cboostmath_gamma_q_inverse(double shape, double q);
// x^(shape - 1) e^-x / gamma(shape): the density of Gamma(shape, 1).
double cboostmath_gamma_density(double shape, double x);

// Regularised incomplete beta functions, I(a, b, x) from below and 1 - I from above, with their inverses in x.
double cboostmath_beta_p(double a, double b, double x);
double cboostmath_beta_q(double a, double b, double x);
double cboostmath_beta_p_inverse(double a, double b, double p);
double cboostmath_beta_q_inverse(double a, double b, double q);
// The density of Beta(a, b).
double cboostmath_beta_density(double a, double b, double x);

// The value that a standard normal variable exceeds with probability q.
double cboostmath_normal_q_inverse(double q);

#ifdef __cplusplus
}
#endif
#endif
