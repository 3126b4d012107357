// The one place where Beast's definitions are compiled (BOOST_BEAST_SEPARATE_COMPILATION): every other file builds faster.
#include <boost/beast/src.hpp>
