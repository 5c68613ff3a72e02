// A graph-emulator of one's own for a test: started on a free port, stopped with the object.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace graphodbc::test {

class EmulatorProcess {
 public:
  // `options` as on the command line. Throws std::runtime_error when it does not get ready.
  explicit EmulatorProcess(const std::string& program, std::vector<std::string> options);
  ~EmulatorProcess();
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;

  // A string member of the line that it prints when ready (docs/emulator.md).
  std::string fact(const std::string& name) const;

  // A call of the control API, `path` like "/faults". Returns the body; throws std::runtime_error
  // when the status is not 2xx.
  std::string control(const std::string& method, const std::string& path,
                      const std::string& body = "") const;

 private:
  pid_t child_ = -1;
  std::string ready_line_;
};

}  // namespace graphodbc::test
