//! Date and time for templates that name them.

/// A moment, as clocks show it where the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Such as 2026.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
}

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl LocalTime {
    /// Python's `strftime` in the C locale. A code that it does not know stays as it is.
    pub fn format(&self, format: &str) -> String {
        let mut out = String::new();
        let mut characters = format.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                out.push(character);
                continue;
            }
            let mut code = characters.next();
            // glibc: `-` drops the zero or blank in front.
            let bare = code == Some('-');
            if bare {
                code = characters.next();
            }
            match code.and_then(|code| self.code(code)) {
                Some(text) if bare => match text.trim_start_matches(['0', ' ']) {
                    "" => out.push('0'),
                    text => out.push_str(text),
                },
                Some(text) => out.push_str(&text),
                None => {
                    out.push('%');
                    out.extend(bare.then_some('-'));
                    out.extend(code);
                }
            }
        }
        out
    }

    fn code(&self, code: char) -> Option<String> {
        let Self { year, month, day, hour, minute, second } = *self;
        let weekday = self.weekday();
        let day_of_year = self.day_of_year();
        let name = |names: &[&'static str], index: u32| {
            names.get(index as usize).copied().unwrap_or_default()
        };
        let hour12 = match hour % 12 {
            0 => 12,
            hour => hour,
        };
        Some(match code {
            'a' => name(&DAYS, weekday).chars().take(3).collect(),
            'A' => name(&DAYS, weekday).to_owned(),
            'b' | 'h' => name(&MONTHS, month.wrapping_sub(1)).chars().take(3).collect(),
            'B' => name(&MONTHS, month.wrapping_sub(1)).to_owned(),
            'c' => self.format("%a %b %e %H:%M:%S %Y"),
            'C' => format!("{:02}", year.div_euclid(100)),
            'd' => format!("{day:02}"),
            'D' | 'x' => self.format("%m/%d/%y"),
            'e' => format!("{day:2}"),
            'f' => "000000".to_owned(),
            'F' => self.format("%Y-%m-%d"),
            'g' => format!("{:02}", self.iso_week().0.rem_euclid(100)),
            'G' => self.iso_week().0.to_string(),
            'H' => format!("{hour:02}"),
            'I' => format!("{hour12:02}"),
            'j' => format!("{day_of_year:03}"),
            'k' => format!("{hour:2}"),
            'l' => format!("{hour12:2}"),
            'm' => format!("{month:02}"),
            'M' => format!("{minute:02}"),
            'n' => "\n".to_owned(),
            'p' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if hour < 12 { "am" } else { "pm" }.to_owned(),
            'r' => self.format("%I:%M:%S %p"),
            'R' => self.format("%H:%M"),
            'S' => format!("{second:02}"),
            't' => "\t".to_owned(),
            'T' | 'X' => self.format("%H:%M:%S"),
            'u' => if weekday == 0 { 7 } else { weekday }.to_string(),
            'U' => format!("{:02}", (day_of_year + 6 - weekday) / 7),
            'V' => format!("{:02}", self.iso_week().1),
            'w' => weekday.to_string(),
            'W' => format!("{:02}", (day_of_year + 6 - (weekday + 6) % 7) / 7),
            'y' => format!("{:02}", year.rem_euclid(100)),
            'Y' => year.to_string(),
            // A time without a zone has no name for it.
            'z' | 'Z' => String::new(),
            '%' => "%".to_owned(),
            _ => return None,
        })
    }

    fn is_leap(year: i32) -> bool {
        (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    }

    /// From 1 on.
    fn day_of_year(&self) -> u32 {
        const BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let before = BEFORE.get(self.month.wrapping_sub(1) as usize).copied().unwrap_or(0);
        before + self.day + u32::from(self.month > 2 && Self::is_leap(self.year))
    }

    /// 0 is Sunday.
    fn weekday(&self) -> u32 {
        let years = i64::from(self.year) - 1;
        let days =
            years * 365 + years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
        // 1 January of the year 1 was a Monday.
        (days + i64::from(self.day_of_year())).rem_euclid(7) as u32
    }

    /// Year and week by ISO 8601: week 1 has the year's first Thursday.
    fn iso_week(&self) -> (i32, u32) {
        let weeks = |year: i32| {
            let last = Self { year, month: 12, day: 31, ..*self }.weekday();
            if last == 4 || (last == 5 && Self::is_leap(year)) { 53 } else { 52 }
        };
        let monday = (self.weekday() + 6) % 7;
        match (self.day_of_year() + 9 - monday) / 7 {
            0 => (self.year - 1, weeks(self.year - 1)),
            week if week > weeks(self.year) => (self.year + 1, 1),
            week => (self.year, week),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Python's `datetime.strftime` gives on Linux.
    #[test]
    fn formats_are_pythons() {
        let time = LocalTime { year: 2026, month: 11, day: 25, hour: 15, minute: 4, second: 9 };
        let cases = [
            ("%d %B %Y", "25 November 2026"),
            ("%d %b %Y", "25 Nov 2026"),
            ("%Y-%m-%d", "2026-11-25"),
            ("%A, %a %-d %-m %j %U %W %V %G %u %w", "Wednesday, Wed 25 11 329 47 47 48 2026 3 3"),
            ("%H:%M:%S %I %p %-I %y %% %e", "15:04:09 03 PM 3 26 % 25"),
            (
                "%c|%x|%X|%D|%F|%R|%T",
                "Wed Nov 25 15:04:09 2026|11/25/26|15:04:09|11/25/26|2026-11-25|15:04|15:04:09",
            ),
            ("plain", "plain"),
        ];
        for (format, right) in cases {
            assert_eq!(time.format(format), right, "{format}");
        }
        let new_year = LocalTime { year: 2027, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
        assert_eq!(new_year.format("%G-%V %j %a %I%p"), "2026-53 001 Fri 12AM");
        let leap = LocalTime { year: 2024, month: 2, day: 29, hour: 0, minute: 0, second: 0 };
        assert_eq!(leap.format("%j %A"), "060 Thursday");
    }
}
