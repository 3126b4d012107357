"""What people say in the long talk: Debian's fortunes where they are installed, else these."""

import random
from pathlib import Path

FORTUNES = Path("/usr/share/games/fortunes")

ENGLISH = """All human beings are born free and equal in dignity and rights.
They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.
Did anyone restart the build server, or did it heal itself?
I'll be ten minutes late, start without me.
The quick brown fox jumps over the lazy dog, as always.
"It works on my machine" is not a deployment strategy :-)
Please don't merge before lunch; the tests are still running (37 of 112).
What's the plan for Friday's release? I'd rather wait until Monday.
A rolling stone gathers no moss.
Coffee? ☕ Kitchen, now.""".splitlines()
RUSSIAN = """Все люди рождаются свободными и равными в своём достоинстве и правах.
Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.
Съешь же ещё этих мягких французских булок, да выпей чаю.
Кто-нибудь видел, куда делся вчерашний отчёт?
Семь раз отмерь, один раз отрежь.
Сервер снова отвечает, спасибо! Что это было?
Давайте созвонимся в три: обсудим и разойдёмся.
Тише едешь — дальше будешь.
Ёжик в тумане искал лошадку, а нашёл медвежонка.
Не забудьте про «резервную копию», пожалуйста…""".splitlines()
CHINESE = """人人生而自由，在尊严和权利上一律平等。
他们赋有理性和良心，并应以兄弟关系的精神相对待。
服务器又重启了，谁知道为什么？
床前明月光，疑是地上霜。举头望明月，低头思故乡。
今天下午三点开会，请准时参加。
北京的天气怎么样？上海在下雨。
学而时习之，不亦说乎？
这个问题已经解决了，谢谢大家！
千里之行，始于足下。
請問繁體字也能正常顯示嗎？""".splitlines()
ARABIC = """يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.
وقد وهبوا عقلاً وضميرًا وعليهم أن يعامل بعضهم بعضًا بروح الإخاء.
هل أعاد أحد تشغيل الخادم؟
سأتأخر عشر دقائق، ابدؤوا من دوني.
الصديق وقت الضيق.
الاجتماع غدًا الساعة ٣، والتقرير بصيغة PDF من فضلكم.
من جدّ وجد ومن زرع حصد.
شكرًا جزيلاً، تم حل المشكلة!
العلم في الصغر كالنقش على الحجر.
مرحبا بالجميع 👋 كيف الحال؟""".splitlines()


def fortunes(folder: Path, most: int = 300) -> list[str]:
    """The sayings in a folder's files that fit into a message."""
    found: list[str] = []
    if folder.is_dir():
        for file in sorted(f for f in folder.iterdir() if f.is_file() and f.suffix not in (".dat", ".u8")):
            try:
                text = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            found += [saying.strip("\n") for saying in text.split("\n%\n")]
    fitting = [saying for saying in found if saying.strip() and len(saying.encode()) < 8000]
    random.Random(1).shuffle(fitting)
    return fitting[:most]


def languages() -> dict[str, list[str]]:
    return {
        "English": ENGLISH + fortunes(FORTUNES),
        "Russian": RUSSIAN + fortunes(FORTUNES / "ru"),
        "Chinese": CHINESE + fortunes(FORTUNES / "zh"),
        "Arabic": ARABIC + fortunes(FORTUNES / "ar"),
    }
