//! The tensors of a file, as an architecture asks for them.
//!
//! An architecture names each tensor once, with its shape, where it puts it into its weights. It is
//! asked twice: when a file is opened, to check names, shapes and types, and when it is built, to read.

use std::collections::HashMap;

use super::linear::Linear;
use crate::EngineError;
use crate::gguf::{Header, TensorHeader};
use crate::kernel::BLOCK;
use crate::matrix::{Matrix, ReadSeek, read_vector};

/// The tensors that were not asked for yet.
pub(crate) struct Tensors<'a> {
    header: &'a Header,
    left: HashMap<&'a str, &'a TensorHeader>,
    /// None while a file is only checked.
    reader: Option<&'a mut dyn ReadSeek>,
}

impl<'a> Tensors<'a> {
    /// To check; with a reader, to read.
    pub(super) fn new(header: &'a Header, reader: Option<&'a mut dyn ReadSeek>) -> Self {
        let left = header.tensors.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
        Self { header, left, reader }
    }

    /// Whether the file has a tensor of this name that was not asked for yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.contains_key(name)
    }

    /// Weights of a linear layer, (rows, columns).
    pub(crate) fn matrix(
        &mut self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Matrix, EngineError> {
        let tensor = self.take(name, &[columns, rows])?;
        if !columns.is_multiple_of(BLOCK) {
            let what = format!("a width of {columns}");
            return Err(EngineError::unsupported(what, "multiples of 32"));
        }
        match &mut self.reader {
            None => Ok(Matrix::unread(rows, columns)),
            Some(reader) => Matrix::read(self.header, tensor, *reader),
        }
    }

    /// A linear map: `NAME.weight`, (rows, columns), and `NAME.bias`, (rows), where the file has it.
    pub(super) fn linear(
        &mut self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Linear, EngineError> {
        let weights = self.matrix(&format!("{name}.weight"), rows, columns)?;
        let bias = format!("{name}.bias");
        let bias = self.has(&bias).then(|| self.vector(&bias, rows)).transpose()?;
        Ok(Linear { weights, bias })
    }

    /// Numbers as f32, (length); ones while a file is only checked.
    pub(crate) fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>, EngineError> {
        let tensor = self.take(name, &[length])?;
        match &mut self.reader {
            None => Ok(vec![1.0; length]),
            Some(reader) => read_vector(self.header, tensor, *reader),
        }
    }

    /// The tensors of one layer.
    pub(crate) fn layer(&mut self, index: usize) -> LayerTensors<'_, 'a> {
        LayerTensors { tensors: self, index }
    }

    /// Refuses a file that has more: a tensor left out, such as a bias, would be another model.
    pub(super) fn finish(self, architecture: &str) -> Result<(), EngineError> {
        let mut tensors = self.header.tensors.iter();
        match tensors.find(|tensor| self.left.contains_key(tensor.name.as_str())) {
            None => Ok(()),
            Some(TensorHeader { name, .. }) => Err(EngineError::unsupported(
                format!("the tensor {name}"),
                &format!("the tensors of {architecture} models"),
            )),
        }
    }

    /// The tensor called `name`, which must have these dimensions, fastest first.
    fn take(&mut self, name: &str, dims: &[usize]) -> Result<&'a TensorHeader, EngineError> {
        let tensor = self.left.remove(name).ok_or_else(|| EngineError::tensor(name, "missing"))?;
        if !tensor.dims.iter().map(|&dim| dim as usize).eq(dims.iter().copied()) {
            let problem = format!("is {:?}, {dims:?} expected", tensor.dims);
            return Err(EngineError::tensor(name, problem));
        }
        Ok(tensor)
    }
}

/// The tensors of one layer, by their short names: `attn_q` is `blk.0.attn_q.weight`.
pub(crate) struct LayerTensors<'t, 'a> {
    tensors: &'t mut Tensors<'a>,
    index: usize,
}

impl LayerTensors<'_, '_> {
    /// Whether the file has a tensor of this name that was not asked for yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.tensors.has(&format!("{}.weight", self.name(name)))
    }

    /// A linear map of weights, (rows, columns), and a bias, (rows), where the file has it.
    pub(crate) fn linear(
        &mut self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Linear, EngineError> {
        self.tensors.linear(&self.name(name), rows, columns)
    }

    /// Weights of a norm, (length).
    pub(crate) fn norm(
        &mut self,
        name: &str,
        length: usize,
    ) -> Result<Option<Vec<f32>>, EngineError> {
        self.tensors.vector(&format!("{}.weight", self.name(name)), length).map(Some)
    }

    /// Refuses a layer without this bias.
    pub(crate) fn needs_bias(&self, name: &str) -> Result<(), EngineError> {
        let name = format!("{}.bias", self.name(name));
        if self.tensors.has(&name) { Ok(()) } else { Err(EngineError::tensor(&name, "missing")) }
    }

    fn name(&self, name: &str) -> String {
        format!("blk.{}.{name}", self.index)
    }
}
