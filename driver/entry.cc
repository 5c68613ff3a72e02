#include "driver/entry.h"

namespace graphodbc::driver {

SQLRETURN post_current_exception(Diagnostics& diagnostics) noexcept {
  try {
    try {
      throw;
    } catch (const base::Error& error) {
      diagnostics.post(error);
    } catch (const std::bad_alloc&) {
      diagnostics.post_out_of_memory();
    } catch (const std::exception& error) {
      diagnostics.post("HY000", std::string("internal error: ").append(error.what()));
    } catch (...) {
      diagnostics.post("HY000", "internal error of an unknown kind");
    }
  } catch (...) {
    diagnostics.post_out_of_memory();
  }
  return SQL_ERROR;
}

}  // namespace graphodbc::driver
