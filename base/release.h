// std::unique_ptr for what C libraries hand out: std::unique_ptr<X509, Release<X509_free>>.
#pragma once

namespace graphodbc::base {

template <auto kFree>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

}  // namespace graphodbc::base
