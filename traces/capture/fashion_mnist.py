# SPDX-License-Identifier: Apache-2.0
"""Train a small ResNet on Fashion-MNIST and capture the run as a Tessera trace."""
import argparse
import gzip
import os
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

from tessera_capture import Capture

SAWB_C1, SAWB_C2 = 12.035, -12.03  # 15 levels


class Levels(torch.autograd.Function):
    """Round to `scale` times an integer of low..high; the gradient goes straight through."""

    @staticmethod
    def forward(ctx, values, scale, low, high):
        return torch.round(values / scale).clamp(low, high) * scale

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None, None, None


def sawb(weight):
    """Weights on SAWB's 15 levels."""
    with torch.no_grad():
        largest = weight.abs().max()
        clip = SAWB_C1 * weight.square().mean().sqrt() + SAWB_C2 * weight.abs().mean()
        if not 0 < clip <= largest:
            clip = largest
    return Levels.apply(weight, clip / 7, -7, 7)


class Pact(nn.Module):
    """Clip to [0, alpha]; the layers that follow round the result to uint4."""

    def __init__(self, alpha, learned=True):
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor(float(alpha)), requires_grad=learned)

    def forward(self, x):
        return torch.minimum(functional.relu(x), self.alpha)


class Quantized:
    """A layer that quantizes its input, clipped before by `pact`, and its weights."""

    def __init__(self, pact, *arguments, **options):
        super().__init__(*arguments, **options)
        self.pact = pact

    @property
    def pact_alpha(self):
        return self.pact.alpha

    def quantized(self, x):
        return Levels.apply(x, self.pact.alpha.detach() / 15, 0, 15), sawb(self.weight)


class QuantizedConv2d(Quantized, nn.Conv2d):
    def forward(self, x):
        x, weight = self.quantized(x)
        return functional.conv2d(x, weight, self.bias, self.stride, self.padding)


class QuantizedLinear(Quantized, nn.Linear):
    def forward(self, x):
        x, weight = self.quantized(x)
        return functional.linear(x, weight, self.bias)


class Make:
    """The layers of the network, plain or quantized."""

    def __init__(self, quantize):
        self.quantize = quantize

    def relu(self):
        return Pact(3.0) if self.quantize else nn.ReLU()

    def conv(self, relu, inputs, outputs, kernel, stride=1):
        shape = inputs, outputs, kernel, stride, kernel // 2
        if self.quantize:
            return QuantizedConv2d(relu, *shape, bias=False)
        return nn.Conv2d(*shape, bias=False)

    def linear(self, relu, inputs, outputs):
        return QuantizedLinear(relu, inputs, outputs) if self.quantize else nn.Linear(inputs, outputs)


class Block(nn.Module):
    """A residual block of convolutions given as (outputs, kernel, stride)."""

    def __init__(self, make, relu, inputs, shapes):
        super().__init__()
        self.convs = nn.ModuleList()
        self.norms = nn.ModuleList()
        self.relus = nn.ModuleList()
        self.project = None
        before, stride = relu, 1
        channels = inputs
        for outputs, kernel, step in shapes:
            self.convs.append(make.conv(before, channels, outputs, kernel, step))
            self.norms.append(nn.BatchNorm2d(outputs))
            self.relus.append(make.relu())
            before, channels, stride = self.relus[-1], outputs, stride * step
        self.out_relu = before
        if stride != 1 or inputs != channels:
            self.project = make.conv(relu, inputs, channels, 1, stride)
            self.project_norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = x
        for conv, norm, relu in zip(self.convs[:-1], self.norms, self.relus):
            y = relu(norm(conv(y)))
        y = self.norms[-1](self.convs[-1](y))
        if self.project is not None:
            x = self.project_norm(self.project(x))
        return self.relus[-1](x + y)


class ResNet(nn.Module):
    """Stem, two basic blocks with 1x1 projections, a bottleneck, a linear classifier: 9 deep."""

    def __init__(self, quantize):
        super().__init__()
        make = Make(quantize)
        # Pixels lie in [0, 1] and stay there: uint4 as they are, alpha 1.
        self.image = Pact(1.0, learned=False) if quantize else nn.Identity()
        self.stem = make.conv(self.image, 1, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.relu = make.relu()
        self.block1 = Block(make, self.relu, 8, [(16, 3, 2), (16, 3, 1)])
        self.block2 = Block(make, self.block1.out_relu, 16, [(32, 3, 2), (32, 3, 1)])
        self.block3 = Block(make, self.block2.out_relu, 32, [(16, 1, 1), (16, 3, 1), (32, 1, 1)])
        # The mean over an image is small: a range of its own for the classifier.
        self.pooled = make.relu()
        self.classifier = make.linear(self.pooled, 32, 10)

    def forward(self, x):
        x = self.relu(self.norm(self.stem(self.image(x))))
        x = self.block3(self.block2(self.block1(x)))
        return self.classifier(self.pooled(x.mean((2, 3))))


def read_idx(path, header):
    with gzip.open(path) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def dataset(folder, part):
    images = read_idx(os.path.join(folder, part + '-images-idx3-ubyte.gz'), 16)
    labels = read_idx(os.path.join(folder, part + '-labels-idx1-ubyte.gz'), 8)
    images = images.reshape(-1, 1, 28, 28).astype(numpy.float32) / numpy.float32(255)
    return torch.from_numpy(images), torch.from_numpy(labels.astype(numpy.int64))


def accuracy(logits, labels):
    return float((logits.argmax(1) == labels).double().mean())


def test(model, images, labels):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(part) for part in images.split(500)])
    model.train()
    return accuracy(logits, labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--quantize', choices=('none', 'sawb+pact'), default='none')
    parser.add_argument('--epochs', type=int, default=3)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--rate', type=float, default=0.1, help='largest learning rate')
    parser.add_argument('--loss-scale', type=float, default=1024)
    parser.add_argument('--keep', type=int, default=1, help='samples kept of a captured batch')
    parser.add_argument('--capture-steps', type=int, nargs='+', metavar='STEP',
                        help='default: 20, midway, the last')
    parser.add_argument('--steps', type=int, help='stop after so many steps (to try things out)')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--data', default='/usr/share/datasets/fashion-mnist')
    parser.add_argument('-o', '--output', required=True)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    images, labels = dataset(options.data, 'train')
    per_epoch = len(images) // options.batch  # the incomplete last batch is left out
    steps = options.steps or per_epoch * options.epochs
    at = options.capture_steps or [min(20, steps - 1), steps // 2, steps - 1]

    model = ResNet(options.quantize != 'none')
    optimizer = torch.optim.SGD(model.parameters(), lr=options.rate, momentum=0.9,
                                nesterov=True, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, total_steps=steps,
                                                   pct_start=0.2, cycle_momentum=False)
    began = time.monotonic()
    with Capture(options.output, model, at=at, keep=options.keep, loss_scale=options.loss_scale,
                 dataset='Fashion-MNIST', model_name='resnet9-8-16-32',
                 quantization=options.quantize, seed=options.seed) as capture:
        for number in range(steps):
            if number % per_epoch == 0:
                order = torch.randperm(len(images))
            first = number % per_epoch * options.batch
            chosen = order[first:first + options.batch]
            optimizer.zero_grad()
            with capture.step() as step:
                logits = model(images[chosen])
                loss = functional.cross_entropy(logits, labels[chosen])
                (loss * options.loss_scale).backward()
                step.result(loss, accuracy(logits, labels[chosen]))
            for parameter in model.parameters():
                if parameter.grad is not None:
                    parameter.grad /= options.loss_scale
            optimizer.step()
            schedule.step()
            if number % 100 == 99 or number == steps - 1:
                print(f'step {number + 1} of {steps}: loss {step.loss:.4f}, accuracy '
                      f'{step.accuracy:.3f}, {time.monotonic() - began:.0f} s', flush=True)
        tested = test(model, *dataset(options.data, 't10k'))
        capture.finish(tested)
    print(f'{options.output}: test accuracy {tested:.4f}, {steps} steps, '
          f'{os.path.getsize(options.output)} bytes, {time.monotonic() - began:.0f} s')


if __name__ == '__main__':
    main()
