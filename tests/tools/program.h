// Running the built command in a home of its own.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace graphodbc::test {

struct Ran {
  int status = -1;  // 128 + signal when it was killed
  std::string out;
  std::string err;
};

// A folder with HOME, ODBCINI and ODBCSYSINI in it, removed with the object.
class Home {
 public:
  Home();
  ~Home();
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path odbc_ini() const { return path_ / "odbc.ini"; }
  // Returns the path.
  std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) const;
  std::string read(const std::filesystem::path& file) const;
  // For children, over what this process has; empty values take a variable away.
  std::map<std::string, std::string>& environment() { return environment_; }

  Ran run(const std::vector<std::string>& arguments, const std::string& input = "") const;
  // With a terminal of its own for standard input; answers `input` to whatever is asked.
  Ran run_in_terminal(const std::vector<std::string>& arguments, const std::string& input) const;

  struct Running {
    int pid = -1;
    int out = -1;  // reading ends of pipes
    int err = -1;
  };
  // Started, not waited for. `in` becomes standard input; -1: nothing.
  Running start(const std::vector<std::string>& arguments, int in = -1) const;

 private:
  std::filesystem::path path_;
  std::map<std::string, std::string> environment_;
};

std::string read_all(int file);
int wait_for(int pid);

}  // namespace graphodbc::test
