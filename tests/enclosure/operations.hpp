// Every operation of the enclosure types in one list, with the exact operation on points, so that
// each property is checked over all of them.
#pragma once

#include <mpfr.h>

#include <ostream>
#include <span>

#include "halfulp/enclosure/mp_interval.hpp"

namespace halfulp::test {

struct Operation {
  const char* name;
  Interval (*fast)(const Interval&, const Interval&);
  MpInterval (*precise)(const MpInterval&, const MpInterval&);
  // MPFR's value for points, in the rounding direction.
  void (*exact)(mpfr_ptr result, mpfr_srcptr x, mpfr_srcptr y, mpfr_rnd_t rounding);
  // Points outside the domain are skipped.
  bool (*in_domain)(double x, double y);
};

inline void PrintTo(const Operation& operation, std::ostream* out) { *out << operation.name; }

std::span<const Operation> operations();

}  // namespace halfulp::test
