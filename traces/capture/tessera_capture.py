# SPDX-License-Identifier: Apache-2.0
"""Capture of a PyTorch training run as a Tessera trace (traces/README.md).

    with Capture('run.h5', model, at=[20, 500, 999], keep=2, loss_scale=1024,
                 dataset='...', model_name='...', seed=1) as capture:
        for images, labels in batches:
            with capture.step() as step:
                logits = model(images)
                loss = cross_entropy(logits, labels)
                (loss * 1024).backward()
                step.result(loss, (logits.argmax(1) == labels).float().mean())
            ...                               # unscale, optimizer.step()
        capture.finish(test_accuracy)

X is what the layer is called with: after PACT's clip and before any fake
quantization when, as in fashion_mnist.py, the layer itself quantizes. A layer
with an attribute `pact_alpha` tells the alpha its input was clipped to.
"""
import contextlib
import math
import os
import shlex
import sys

import h5py
import numpy
import torch
from torch import nn
from torch.nn.modules.conv import _ConvNd


class CaptureError(RuntimeError):
    """The run cannot be written as a trace; the message names the layer."""


def check_layer(name, layer):
    """Refuse what the layout's attributes could not describe."""
    if isinstance(layer, _ConvNd):
        if not isinstance(layer, nn.Conv2d):
            raise CaptureError(f'{name}: {type(layer).__name__} is not supported')
        for what, plain in (('groups', 1), ('dilation', (1, 1)), ('padding_mode', 'zeros')):
            if getattr(layer, what) != plain:
                raise CaptureError(f'{name}: {what}={getattr(layer, what)} is not supported')
        if isinstance(layer.padding, str):
            raise CaptureError(f"{name}: padding='{layer.padding}' is not supported; give numbers")
    check_float32(name, 'W', layer.weight)


def check_float32(name, what, tensor):
    if tensor.dtype != torch.float32:
        raise CaptureError(f'{name}: {what} is {tensor.dtype}, not torch.float32')


def copied(tensor):
    return tensor.detach().cpu().contiguous().numpy().copy()


class Step:
    """One training step: what the layers showed of themselves."""

    def __init__(self, number, wanted):
        self.number = number
        self.wanted = wanted
        self.order = []  # names, as forward meets them
        self.tensors = {}
        self.grad_max = {}
        self.loss = None
        self.accuracy = None

    def result(self, loss, accuracy):
        """The loss, not scaled, and the accuracy (0..1) on this step's batch."""
        self.loss = float(loss)
        self.accuracy = float(accuracy)


class Capture:
    def __init__(self, path, model, *, at, keep=1, loss_scale=1.0, dataset='', model_name='',
                 quantization='none', seed=0, script=None, command=None):
        if loss_scale <= 0 or math.frexp(loss_scale)[0] != 0.5:
            raise CaptureError(f'loss_scale={loss_scale} is not a power of two')
        if keep < 1:
            raise CaptureError(f'keep={keep}: at least one sample must be kept')
        self.path = os.fspath(path)
        self.part = self.path + '.part'
        self.at = set(at)
        self.keep = keep
        self.loss_scale = float(loss_scale)
        provenance = {
            'framework': 'pytorch',
            'framework_version': str(torch.__version__),
            'script': script if script is not None else os.path.basename(sys.argv[0]),
            'command': command if command is not None else shlex.join(['python3'] + sys.argv),
            'dataset': dataset,
            'model': model_name or type(model).__name__,
            'quantization': quantization,
            'seed': seed,
            'kept': keep,
        }
        self.batch = None
        self.order = None
        self.layers = {}
        self.current = None
        self.losses = []
        self.grad_max = []
        self.handles = []
        found = [(name or type(layer).__name__, layer) for name, layer in model.named_modules()
                 if isinstance(layer, (_ConvNd, nn.Linear))]
        if not found:
            raise CaptureError('the model has no convolution and no linear layer')
        for name, layer in found:
            check_layer(name, layer)
        for name, layer in found:
            self.layers[name] = layer
            self.handles.append(layer.register_forward_hook(
                lambda layer, inputs, output, name=name: self._forward(name, layer, inputs, output)))
        self.file = h5py.File(self.part, 'w')
        self.file.attrs['tessera_trace'] = 1
        for name, value in provenance.items():
            self.file.attrs[name] = value

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        unfinished = self.file is not None
        self._close()
        if unfinished:
            os.unlink(self.part)
            if kind is None:
                raise CaptureError(f'{self.path}: the run ended without finish()')

    @contextlib.contextmanager
    def step(self):
        """One forward, one backward; passes outside of it (tests) are not seen."""
        number = len(self.losses)
        self.current = step = Step(number, number in self.at)
        try:
            yield step
        finally:
            self.current = None
        self._record(step)

    def finish(self, test_accuracy):
        """Write what concerns the whole run, and give the file its name."""
        missing = sorted(self.at - set(range(len(self.losses))))
        if missing:
            raise CaptureError(f'{self.path}: steps {missing} were to be captured, '
                               f'the run has {len(self.losses)}')
        if not self.losses:
            raise CaptureError(f'{self.path}: the run has no step')
        attributes = self.file.attrs
        attributes['batch'] = self.batch
        attributes['steps'] = len(self.losses)
        attributes['test_accuracy'] = float(test_accuracy)
        self.file.require_group('steps')
        self._write(self.file, 'grad_max', numpy.array(self.grad_max, numpy.float32))
        self._write(self.file, 'loss', numpy.array(self.losses, numpy.float32))
        self._close()
        os.replace(self.part, self.path)

    def _close(self):
        for handle in self.handles:
            handle.remove()
        self.handles = []
        if self.file is not None:
            self.file.close()
            self.file = None

    def _forward(self, name, layer, inputs, output):
        step = self.current
        if step is None:
            return
        x = inputs[0]
        where = f'step {step.number}: {name}'
        if name in step.order:
            raise CaptureError(f'{where}: called twice in a step')
        rank = 2 if isinstance(layer, nn.Linear) else 4
        if x.dim() != rank:
            raise CaptureError(f'{where}: input of {x.dim()} dimensions, not {rank}')
        for what, tensor in (('X', x), ('W', layer.weight), ('Y', output)):
            check_float32(where, what, tensor)
        if self.batch is None:
            self.batch = x.shape[0]
            if self.keep > self.batch:
                raise CaptureError(f'keep={self.keep} of a batch of {self.batch}')
        if x.shape[0] != self.batch:
            raise CaptureError(f'{where}: a batch of {x.shape[0]}, not {self.batch}')
        if not output.requires_grad:
            raise CaptureError(f'{where}: its output takes no gradient')
        step.order.append(name)
        if self.order is None:
            self._describe(len(step.order) - 1, name, layer, x, output)
        if step.wanted:
            # Copied now: the tensors may be changed in place before the step ends.
            step.tensors[name] = {'X': copied(x[:self.keep]), 'W': copied(layer.weight)}
            alpha = getattr(layer, 'pact_alpha', None)
            if alpha is not None:
                step.tensors[name]['pact_alpha'] = float(alpha)
        output.register_hook(lambda gradient: self._backward(step, name, gradient))

    def _backward(self, step, name, gradient):
        where = f'step {step.number}: {name}'
        if name in step.grad_max:
            raise CaptureError(f'{where}: two backward passes in a step')
        check_float32(where, 'dY', gradient)
        largest = float(gradient.detach().abs().max())  # a NaN anywhere is the maximum
        if not math.isfinite(largest):
            raise CaptureError(f'{where}: dY has a NaN or an infinity')
        step.grad_max[name] = largest / self.loss_scale
        if step.wanted:
            scale = numpy.float32(self.loss_scale)
            step.tensors[name]['dY'] = copied(gradient[:self.keep]) / scale

    def _describe(self, index, name, layer, x, y):
        linear = isinstance(layer, nn.Linear)
        pairs = {
            'in': (1, 1) if linear else x.shape[2:],
            'out': (1, 1) if linear else y.shape[2:],
            'kernel': (1, 1) if linear else layer.kernel_size,
            'stride': (1, 1) if linear else layer.stride,
            'pad': (0, 0) if linear else layer.padding,
        }
        attributes = self.file.create_group(f'layers/{index:03d}').attrs
        attributes['name'] = name
        attributes['kind'] = 'linear' if linear else 'conv2d'
        attributes['in_channels'] = x.shape[1]
        attributes['out_channels'] = y.shape[1]
        for what, (height, width) in pairs.items():
            attributes[what + '_height'] = int(height)
            attributes[what + '_width'] = int(width)

    def _record(self, step):
        where = f'step {step.number}'
        if self.order is None:
            for name in self.layers:
                if name not in step.order:
                    raise CaptureError(f'{where}: {name}: the forward pass did not call it')
            self.order = step.order
        if step.order != self.order:
            raise CaptureError(f'{where}: its layers {step.order} are not those of '
                               f'step 0, {self.order}')
        for name in self.order:
            if name not in step.grad_max:
                raise CaptureError(f'{where}: {name}: no gradient came back')
        if step.loss is None:
            raise CaptureError(f'{where}: no result(loss, accuracy)')
        self.losses.append(step.loss)
        self.grad_max.append([step.grad_max[name] for name in self.order])
        if not step.wanted:
            return
        group = self.file.create_group(f'steps/{step.number:06d}')
        group.attrs['loss'] = step.loss
        group.attrs['accuracy'] = step.accuracy
        group.attrs['loss_scale'] = self.loss_scale
        for index, name in enumerate(self.order):
            layer = group.create_group(f'{index:03d}')
            tensors = step.tensors[name]
            if 'pact_alpha' in tensors:
                layer.attrs['pact_alpha'] = tensors['pact_alpha']
            for what in ('X', 'W', 'dY'):
                self._write(layer, what, tensors[what])

    @staticmethod
    def _write(group, name, values):
        group.create_dataset(name, data=values, compression='gzip', compression_opts=9, shuffle=True)
