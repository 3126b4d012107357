#include "property/generators.hpp"

namespace makechat::property {
namespace {

rc::Gen<Kind> kinds() {
    return rc::gen::weightedElement<Kind>({
        {3, Kind::sign_up},      {2, Kind::sign_in},       {2, Kind::make_token},  {2, Kind::end_credential},
        {2, Kind::set_disabled}, {2, Kind::set_superuser}, {3, Kind::create_room}, {3, Kind::open_direct},
        {8, Kind::join},         {8, Kind::invite},        {6, Kind::give_role},   {8, Kind::remove},
        {8, Kind::change_room},  {2, Kind::delete_room},   {24, Kind::post},       {4, Kind::post_direct},
        {4, Kind::repeat_post},  {8, Kind::edit},          {6, Kind::erase},       {8, Kind::mark_read},
        {2, Kind::set_level},    {4, Kind::pass_time},     {10, Kind::connect},    {10, Kind::resume},
        {6, Kind::cut},          {6, Kind::receive},       {8, Kind::catch_up},    {12, Kind::run_loop},
        {1, Kind::restart},
    });
}

rc::Gen<Fault> faults(const Wanted& wanted) {
    if (!wanted.faults && !wanted.disk) return rc::gen::just(Fault{});
    const auto weight = [](bool is_wanted) { return is_wanted ? 1U : 0U; };
    const auto how = rc::gen::weightedElement<Fault::How>({{8U, Fault::How::no_fault},
                                                           {weight(wanted.faults), Fault::How::refused},
                                                           {weight(wanted.faults), Fault::How::unknown},
                                                           {weight(wanted.disk) * 2, Fault::How::disk}});
    return rc::gen::map(rc::gen::pair(how, rc::gen::inRange(1, 4)),
                        [](const auto& drawn) { return Fault{drawn.first, drawn.second}; });
}

}  // namespace

rc::Gen<std::vector<Action>> actions(Wanted wanted) {
    // Of any size: what is drawn chooses among what there is, and 255 is as likely as 0.
    const auto number = rc::gen::resize(100, rc::gen::inRange(0, 256));
    const auto with_next = rc::gen::weightedElement<bool>({{wanted.together ? 1U : 0U, true}, {2, false}});
    const auto draw = rc::gen::tuple(kinds(), number, number, number, number, faults(wanted), with_next);
    const auto action = rc::gen::map(draw, [](const auto& drawn) {
        const auto& [kind, who, what, a, b, fault, with] = drawn;
        const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
        return Action{kind, byte(who), byte(what), byte(a), byte(b), fault, with};
    });
    return rc::gen::container<std::vector<Action>>(action);
}

}  // namespace makechat::property
