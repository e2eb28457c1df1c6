//! A card gateway that remembers what it really did with the money, and a network that delays, repeats and
//! reorders both questions and answers.

use std::collections::BTreeMap;

use momfood_domain::order::Command;
use momfood_domain::payment::{Owed, Payment};
use proptest::prelude::*;
use proptest::sample::Index;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    None,
    Declined,
    Held,
    LetGo,
    Taken,
}

/// What the card's bank says to the first question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bank {
    Approves,
    Declines,
    /// Holds less than was asked for.
    HoldsLess,
}

/// The gateway's own books, and what is under way between it and the worker.
#[derive(Clone, Debug)]
pub struct Gateway {
    bank: Bank,
    hold: Hold,
    held: i64,
    pub taken: i64,
    pub given_back: i64,
    /// What it gave back, by what had been given back before as the question said.
    refunds: BTreeMap<i64, i64>,
    questions: Vec<(Owed, i64)>,
    unheard: Vec<(Owed, i64)>,
    answers: Vec<Command>,
    undelivered: Vec<Command>,
}

impl Gateway {
    pub fn any() -> impl Strategy<Value = Self> {
        let bank = prop_oneof![
            8 => Just(Bank::Approves),
            1 => Just(Bank::Declines),
            1 => Just(Bank::HoldsLess),
        ];
        bank.prop_map(Self::new)
    }

    const fn new(bank: Bank) -> Self {
        Self {
            bank,
            hold: Hold::None,
            held: 0,
            taken: 0,
            given_back: 0,
            refunds: BTreeMap::new(),
            questions: Vec::new(),
            unheard: Vec::new(),
            answers: Vec::new(),
            undelivered: Vec::new(),
        }
    }

    /// One whose bank approves.
    pub const fn good() -> Self {
        Self::new(Bank::Approves)
    }

    /// Whether the customer's money is held, neither taken nor let go of.
    pub fn holds(&self) -> bool {
        self.hold == Hold::Held
    }

    /// Whether nothing is under way.
    pub fn is_quiet(&self) -> bool {
        self.unheard.is_empty() && self.undelivered.is_empty()
    }

    /// The worker sends what the payment owes.
    pub fn ask(&mut self, payment: &Payment) {
        if let Some(owed) = payment.ask() {
            self.questions.push((owed, payment.refunded));
            self.unheard.push((owed, payment.refunded));
        }
    }

    /// Some question ever sent arrives, for the first time or again.
    pub fn hear(&mut self, which: Index, total: i64) {
        if !self.questions.is_empty() {
            let question = *which.get(&self.questions);
            self.unheard.retain(|waiting| *waiting != question);
            self.act(question, total);
        }
    }

    /// Every question not heard yet arrives, the last one first.
    pub fn hear_all(&mut self, total: i64) {
        while let Some(question) = self.unheard.pop() {
            self.act(question, total);
        }
    }

    /// Some answer ever given arrives, for the first time or again.
    pub fn answer(&mut self, which: Index) -> Option<Command> {
        if self.answers.is_empty() {
            return None;
        }
        let answer = which.get(&self.answers).clone();
        self.undelivered.retain(|waiting| *waiting != answer);
        Some(answer)
    }

    /// Every answer not delivered yet, the last one first.
    pub fn answer_all(&mut self) -> Vec<Command> {
        let mut answers = std::mem::take(&mut self.undelivered);
        answers.reverse();
        answers
    }

    fn act(&mut self, (owed, before): (Owed, i64), total: i64) {
        let answer = match owed {
            Owed::Authorize => self.authorize(total),
            Owed::Capture if self.hold == Hold::Held => {
                self.hold = Hold::Taken;
                self.taken = self.held;
                Command::Captured { amount: self.taken }
            }
            Owed::Capture | Owed::Void if self.hold == Hold::Taken => {
                Command::Captured { amount: self.taken }
            }
            Owed::Capture => Command::Voided,
            Owed::Void => {
                self.hold = Hold::LetGo;
                Command::Voided
            }
            Owed::Refund { amount } => {
                let amount = *self.refunds.entry(before).or_insert_with(|| {
                    self.given_back += amount;
                    amount
                });
                Command::Refunded { amount, before }
            }
        };
        self.answers.push(answer.clone());
        self.undelivered.push(answer);
    }

    fn authorize(&mut self, total: i64) -> Command {
        match self.hold {
            Hold::None => match self.bank {
                Bank::Approves | Bank::HoldsLess => {
                    self.hold = Hold::Held;
                    self.held = if self.bank == Bank::Approves {
                        total
                    } else {
                        total / 2
                    };
                    Command::Authorized { amount: self.held }
                }
                Bank::Declines => {
                    self.hold = Hold::Declined;
                    Command::Declined
                }
            },
            Hold::Declined => Command::Declined,
            // Never held, and never will be.
            Hold::LetGo if self.held == 0 => Command::Voided,
            Hold::Held | Hold::Taken | Hold::LetGo => Command::Authorized { amount: self.held },
        }
    }
}
