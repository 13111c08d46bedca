// Certificates on disk: JSON, schema "halfulp.certificate/1". Numbers are the shortest decimals that read back as the same double; `content` is
// the SHA-256 of everything else, so that any change to the file is seen.
#pragma once

#include <string>

#include "halfulp/certificate/certificate.hpp"

namespace halfulp {

std::string write_certificate(const Certificate& certificate);
// Errors: E0106 no JSON, E0621 not a certificate, E0622 its content does not match its hash.
Result<Certificate> read_certificate(const std::string& text, const std::string& place);

}  // namespace halfulp
