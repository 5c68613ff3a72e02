// A file descriptor that is closed with its owner: a file's, a socket's.
#pragma once

#include <unistd.h>

#include <utility>

namespace graphodbc::base {

class FileHandle {
 public:
  explicit FileHandle(int file = -1) : file_(file) {}
  ~FileHandle() { reset(); }
  FileHandle(FileHandle&& other) noexcept : file_(other.release()) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    reset();
    file_ = other.release();
    return *this;
  }

  int get() const { return file_; }
  bool is_open() const { return file_ >= 0; }
  // Closes it.
  void reset() {
    if (is_open()) ::close(file_);
    file_ = -1;
  }
  // Leaves it to the caller, open.
  int release() { return std::exchange(file_, -1); }

 private:
  int file_;
};

}  // namespace graphodbc::base
