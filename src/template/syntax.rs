//! What a template says, as a tree.

/// An expression, and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    Regex {
        pattern: String,
        flags: String,
    },
    Name(String),
    Array(Vec<Expression>),
    Object(Vec<(Expression, Expression)>),
    Member(Box<Expression>, Box<Expression>),
    Slice(Box<Expression>, [Option<Box<Expression>>; 3]),
    Call(Box<Expression>, Arguments),
    Filter(Box<Expression>, Applied),
    Test {
        subject: Box<Expression>,
        test: Applied,
        is_negated: bool,
    },
    Not(Box<Expression>),
    Negated(Box<Expression>),
    AsNumber(Box<Expression>),
    Any(Vec<Expression>),
    All(Vec<Expression>),
    /// Operands with an operator before each, from the left.
    Chain(Box<Expression>, Vec<(Operator, Expression)>),
    /// What stands in brackets, where that makes a difference.
    Group(Box<Expression>),
    Comparison(Box<Expression>, Vec<(Comparison, Expression)>),
    Contains {
        item: Box<Expression>,
        container: Box<Expression>,
        is_negated: bool,
    },
    Choice {
        condition: Box<Expression>,
        then: Box<Expression>,
        otherwise: Option<Box<Expression>>,
    },
}

/// A filter or a test, by its name, with its arguments.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) arguments: Arguments,
}

/// Arguments of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Expression>,
    pub(super) named: Vec<(String, Expression)>,
}

/// An operator between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Concatenate,
    Add,
    Subtract,
    Multiply,
    Divide,
    DivideToFloor,
    Remainder,
    Power,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A parameter of a macro, and what it is when it is not given.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) default: Option<Expression>,
}

/// What a `{% %}` says.
#[derive(Clone, Debug)]
pub(super) enum Statement {
    If(Expression),
    ElseIf(Expression),
    Else,
    For {
        names: Vec<String>,
        of: Expression,
    },
    Set {
        names: Vec<String>,
        value: Option<Expression>,
    },
    Macro {
        name: String,
        parameters: Vec<Parameter>,
    },
    Call {
        parameters: Vec<Parameter>,
        call: Expression,
    },
    Filter(Applied),
    Block,
    Switch(Expression),
    Case(Expression),
    Default,
    /// The end of a block: `endif` and its likes.
    End(&'static str),
}

/// A part of a template, in its order.
#[derive(Clone, Debug)]
pub(super) enum Part<'text> {
    /// What is copied.
    Text(&'text str),
    /// What a `${{ }}` prints.
    Print {
        at: usize,
        end: usize,
        expression: Expression,
    },
    /// A `{% %}`.
    Statement {
        at: usize,
        end: usize,
        statement: Statement,
    },
}

/// Why a text is no template.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    /// Where, in bytes.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Mistake {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Statement {
    /// Whether it means the same wherever it stands, and nothing outside of its block notices it.
    pub(super) fn is_self_contained(&self) -> bool {
        matches!(
            self,
            Self::If(_)
                | Self::ElseIf(_)
                | Self::Else
                | Self::Switch(_)
                | Self::Case(_)
                | Self::Default
                | Self::End("if" | "switch")
        )
    }

    /// How many blocks it opens: 1, or -1 when it ends one.
    pub(super) fn opens(&self) -> isize {
        match self {
            Self::If(_)
            | Self::For { .. }
            | Self::Set { value: None, .. }
            | Self::Macro { .. }
            | Self::Call { .. }
            | Self::Filter(_)
            | Self::Block
            | Self::Switch(_) => 1,
            Self::End(_) => -1,
            _ => 0,
        }
    }
}

impl Expression {
    pub(super) fn new(at: usize, kind: Kind) -> Self {
        Self { at, kind }
    }

    /// The names of a plain path: `values.owner` and `values["owner"]`.
    pub(super) fn path(&self) -> Option<Vec<&str>> {
        let mut names = Vec::new();
        let mut expression = self;
        loop {
            match &expression.kind {
                Kind::Name(name) => {
                    names.push(name.as_str());
                    names.reverse();
                    return Some(names);
                }
                Kind::Member(of, key) => {
                    let Kind::Text(key) = &key.kind else {
                        return None;
                    };
                    names.push(key);
                    expression = of;
                }
                Kind::Group(of) => expression = of,
                _ => return None,
            }
        }
    }
}
