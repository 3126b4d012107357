// The one place where Asio's definitions are compiled (BOOST_ASIO_SEPARATE_COMPILATION): every other file builds faster.
#include <boost/asio/impl/src.hpp>
