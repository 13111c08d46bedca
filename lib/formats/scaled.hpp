// Element formats of groups whose scale is no power of two.
#pragma once

#include "family.hpp"

namespace halfulp {

Format scaled_format(const Format& group, const GroupScale& scale);

}  // namespace halfulp
